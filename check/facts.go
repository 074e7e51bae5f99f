package check

// Facts is all that the rules look at. A part that could not be looked at says why in
// its Blind, and is otherwise zero.
type Facts struct {
	Name        string // of the stack, for the commands that mend; "" if it is not known
	Application Application
	Repository  Repository
	Stack       Stack
	Swarm       Swarm
}

// Place is where something is written. The zero Place is nowhere.
type Place struct {
	File         string // as people name it, with '/'
	Line, Column int    // from 1; 0 if not known
}

// Application is a Compose application.
type Application struct {
	Blind       string // why there is none
	Variables   []Variable
	Texts       []Text
	Contexts    []Context
	EqualValues []Equal
	CalledPlain []string // SERVICE.VARIABLE that only the owner calls plain
	Absent      []string // env files and variables that are not here
}

// Variable is a variable of a service, or one that Compose interpolates, that is a
// secret.
type Variable struct {
	Service string // "" for one that Compose interpolates
	Name    string
	Secret  string
	Place   Place
	Written bool // its value is in a compose file
	Default bool // that value is a default, ${NAME:-value}
}

// Text is a text with a credential that is no variable of a service.
type Text struct {
	Kind    string // label, command, …
	Path    string // in the model, "" for a comment
	Service string
	Place   Place
	Written bool // the credential is in the file, and not a variable that gives it
}

// Context is a folder that an image is built from.
type Context struct {
	Folder   string
	Services []string
	LetIn    []string // files with secrets that its .dockerignore does not keep out
	Place    Place    // the .dockerignore, or where it should be
	Blind    string   // why its .dockerignore cannot be read
}

// Equal is a value that several secrets have.
type Equal struct {
	Secrets []string // sorted
	Place   Place    // of the second one
}

// Repository is what git knows.
type Repository struct {
	Blind        string // why nothing is known: no repository
	EnvFiles     []TrackedFile
	NotIgnored   []string // patterns that .gitignore lacks
	Ignored      int      // patterns that it has
	Ignore       Place    // the .gitignore
	HistoryBlind string   // why the history is not known, or not all of it
	Commits      int      // that were searched
	Leaks        []Leak
	TooCommon    []string // secrets whose values are too common to be searched for
	NotHere      []string // secrets whose values are not here
}

// TrackedFile is an env file that git tracks.
type TrackedFile struct {
	Place   Place
	Secrets []string // variables in it that are secrets, sorted
}

// Leak is a secret that git's history holds.
type Leak struct {
	Secret string // its name, or that of the variable or the kind of the credential
	Commit string // the oldest one that has it
	Place  Place  // there
	Shape  bool   // found by its shape, not by a value of the application
	More   int    // further places
}

// Stack is a stack file.
type Stack struct {
	Blind      string // why there is none
	Missing    bool   // the application has secrets and no stack file
	File       string
	Stale      bool
	StaleBlind string // why it is not known whether it is
	Edited     bool
	Foreign    bool // somebody else wrote it
	Declared   []Declared
	Services   []Service
	Unread     []Named
	InClear    []Named
}

// Named is a name and where it is written.
type Named struct {
	Name  string
	Place Place
}

// Declared is a secret of a stack file.
type Declared struct {
	Name     string
	Object   string // on the Swarm
	External bool
	Place    Place
	From     []string // references
}

// Service is a service of a stack file.
type Service struct {
	Name   string
	User   string // user:, "" for the image's
	Grants []Grant
}

// Grant is a secret that a service gets.
type Grant struct {
	Secret string
	Target string
	Place  Place
	Used   bool   // something in the service reads it
	Owner  string // uid:, "" for root
	Group  string // gid:, "" for root
	Mode   uint32 // 0444 if the file says none
	Stated bool   // the file says a mode
}

// Swarm is what runs.
type Swarm struct {
	Blind        string // why it is not known: no STACK
	Stack        string
	MaxAge       string // as people gave it
	Versions     []Version
	Missing      []string // objects that the stack file names and the Swarm does not have
	NewerBlind   string   // why a manager did not say
	Newer        []string // secrets of which a manager has a newer version
	Managed      int      // secrets that come from a manager
	Shared       []Shared
	Compared     int    // values that other stacks were asked about
	CompareBlind string // why not all were
	Autolock     bool
	PlainEngine  string // the Engine's address, if it is asked without TLS
	Managers     []Address
	Residues     []Residue
	Searched     int // places that were searched for residue
	NotFound     []Trouble
	Denied       []Trouble
	Old          []Trouble
	Running      int // services of the stack
}

// Version is one version of a secret on the Swarm.
type Version struct {
	Secret, Object string
	InUse          bool
	Kept           bool   // a previous specification, or a task, refers to it
	TooOld         bool   // older than the maximum
	Age            string // for people
}

// Shared is a secret that another stack has too.
type Shared struct {
	Secret string
	With   string // SERVICE or OBJECT of the other stack
	Stack  string // the other one
	Object bool   // the same object, not only the same value
}

// Address is how a secret manager is reached.
type Address struct {
	Manager  string // its scheme
	Variable string // of the environment
	Plain    bool   // without TLS, beyond this machine
}

// Residue is a place on the Swarm that holds a value in clear.
type Residue struct {
	Name  string // the secret or the variable
	Where string
}

// Trouble is something that keeps a service from its secret.
type Trouble struct {
	Service, Secret string
	Detail          string
}
