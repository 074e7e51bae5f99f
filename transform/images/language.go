package images

// Shell is the language of images that have little but a shell.
const Shell = "Shell"

// languages are the images that are made for one language, as in the names of --explain.
//
//nolint:gochecknoglobals // a table, never written
var languages = map[string]string{
	"python": "Python", "pypy": "Python", "ghcr.io/astral-sh/uv": "Python", "tiangolo/uvicorn-gunicorn-fastapi": "Python", "tiangolo/uvicorn-gunicorn": "Python",
	"node": "Node.js", "oven/bun": "Node.js", "denoland/deno": "Node.js",
	"golang":          "Go",
	"eclipse-temurin": "Java", "openjdk": "Java", "amazoncorretto": "Java", "ibm-semeru-runtimes": "Java", "sapmachine": "Java", "maven": "Java", "gradle": "Java", "tomcat": "Java", "jetty": "Java",
	"ruby": "Ruby", "jruby": "Ruby",
	"php": "PHP", "composer": "PHP", "dunglas/frankenphp": "PHP",
	"alpine": Shell, "bash": Shell, "busybox": Shell,
}

// LanguageOf returns the language that image, as it is written in a compose file or after
// FROM, is made for; "" if it is made for none, or is not known.
func LanguageOf(image string) string {
	if image == "" {
		return ""
	}
	ref := parseImage(image)
	for name, language := range languages {
		if ref.matches(parseImage(name)) {
			return language
		}
	}
	return ""
}
