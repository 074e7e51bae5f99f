package transform

// way is one way in which a service can read a secret. To add one is to add a row to
// ways, and a file with what the row does.
type way struct {
	kind       DeliveryKind
	notOffered bool // it is what is left where no other way fits
	gives      bool // the process has the variable in its environment
	asksImage  func(d Decision) bool

	// fit returns how d is read this way. why is half a sentence if it cannot be.
	fit func(s *serviceRewrite, d Decision) (p delivery, why string)
	// refusal is the error if the user wants a way that does not fit: a format for the
	// service, the variable and why.
	refusal string
	// trap returns why the service would fail with it all the same, "" if it would not.
	// nil for never.
	trap func(s *serviceRewrite, p delivery, moved []Decision) string
	// target returns the name that the file must have, "" for any.
	target func(p delivery) string
	// prepare edits the service for one variable. nil for nothing.
	prepare func(s *serviceRewrite)
	// warn returns what is not certain about it. nil for nothing.
	warn func(s *serviceRewrite, p delivery, moved []Decision) (code, message string)
	// evidence returns what shows that the value is read this way.
	evidence func(s *serviceRewrite, p delivery) string
	// explain tells the service's developers who reads the value: a format for the
	// variable and the file. code is true if the application has to be changed for it.
	explain string
	// other is how to choose another way: a format for the service.
	other string
	code  bool
}

// ways are all ways, in the order in which people list them. The first that fits is the
// best.
//
//nolint:gochecknoglobals // a table, never written
var ways = []way{nativeWay, fileWay, envWay, unreadWay}

// Deliveries returns the kinds that a user can ask for, in the order of ways.
func Deliveries() []DeliveryKind {
	var kinds []DeliveryKind
	for _, w := range ways {
		if !w.notOffered {
			kinds = append(kinds, w.kind)
		}
	}
	return kinds
}

// wayOf returns the row of kind, nil for none.
func wayOf(kind DeliveryKind) *way {
	for i := range ways {
		if ways[i].kind == kind {
			return &ways[i]
		}
	}
	return nil
}

func (w *way) trapOf(s *serviceRewrite, p delivery, moved []Decision) string {
	if w.trap == nil {
		return ""
	}
	return w.trap(s, p, moved)
}
