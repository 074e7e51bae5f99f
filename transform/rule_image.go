package transform

//nolint:gochecknoglobals // a table, never written
var imageRules = []rule{}
