package transform

// DeliverUnread means that no way is known to reach the process. The secret is mounted
// where an application that reads files finds it, and Rewritten.Unread says so.
const DeliverUnread DeliveryKind = "unread"

// unreadWay is the row of DeliverUnread. Nobody can ask for it.
//
//nolint:gochecknoglobals // a row of ways, never written
var unreadWay = way{
	kind: DeliverUnread, notOffered: true,
	asksImage: func(Decision) bool { return true },
	fit: func(_ *serviceRewrite, d Decision) (delivery, string) {
		return delivery{decision: d, kind: DeliverUnread}, ""
	},
	target:   func(p delivery) string { return SecretName(p.decision.Name) },
	warn:     func(*serviceRewrite, delivery, []Decision) (code, message string) { return "", "" },
	evidence: func(*serviceRewrite, delivery) string { return "" },
	explain:  "%s: no reader of %s is known", code: true,
	other: "--deliver %[1]s=file if the application reads the files itself, as below",
}
