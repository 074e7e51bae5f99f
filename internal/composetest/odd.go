// Package composetest has odd texts of compose files and env files, with which programs
// disagree. It does not know what they mean: Compose itself is asked. Only tests import it.
package composetest

// Scalars are odd forms of a value in environment:, as YAML has them.
//
//nolint:gochecknoglobals // a table, never written
var Scalars = []string{
	"0123456", "12e5", "1.50", "0x1F2E3D", "1_000_000", "2024-01-02", "2024-01-02T03:04:05Z", "true", "True", "yes", "Yes", "no", "on", "~", "null",
	"0", "-0", "+1", "0o17", "017", "0b11", ".5", "5.", "1e3", "1E+3", ".inf", "-.INF", ".nan", "12:30:45", "190:20:30", "1,000", "00", "08", "0.10", "-1.0",
	"9223372036854775807", "9223372036854775808", "18446744073709551616", "123456789012345678901234567890", "1.7976931348623157e309", "0.1", "1e-7",
	`"0123456"`, `'0123456'`, `"a\tb"`, `"\u00e9"`, `"\x41"`, `'it''s'`, "a b", "a#b", "'a #b'", "a:b", "'a: b'", "- x", "'- x'", "'*a'", "'&a'", "'!a'", "!!str 0123", "!!str 1.50", "!!int '12'",
	"|\n        line\n        two\n", "|-\n        line\n        two\n", "|+\n        line\n\n", ">\n        folded\n        text\n", ">-\n        folded\n        text\n",
	"\"two\n        lines\"", "'two\n\n        lines'", "plain\n        continued", "\"end\\n\"", "\"\\\\\"", "$$", "a$$b", "'$$(x)'", "${PART}", "a${PART}b", "${NONE:-1.50}", "${NONE:-0123}", "${NUMBER}",
	"\"${PART}\\n\"", "$PART", "'${PART}'", "${PART:+set}", "${NONE:+set}x", "${NONE-}x", "\"\"", "''", "é", "日本", "\"\U0001F600\"", "a\\nb", "'a\\nb'", "%", "'%s'", "`x`x", "[]x", "'{}'", "'a,b'", "a=b", "'=a'", "-", "'?'", "'|'",
}

// EnvLines are odd lines of an env file.
//
//nolint:gochecknoglobals // a table, never written
var EnvLines = []string{
	"A=b", "A = b", "A= b ", "A=b # c", "A=b#c", "A='b # c'", `A="b # c"`, "A='it''s'", `A="say \"x\""`, `A="a\nb"`, `A='a\nb'`, `A="a\\nb"`, `A="\t"`, "A=", "A", " A=b", "\tA=b", "export A=b", "export A", "A: b", "A:b",
	"A=$PART", "A=${PART}", "A=${NONE:-x}", "A=${NONE-}", "A=${PART:+y}", "A='$PART'", `A="$PART"`, `A="${PART}-${NONE:-z}"`, "A=$$", "A=a$$b", "A='a$b'", `A="\$PART"`, "A=\\$PART", "A=${PART", "A=$", "A=a$1", "A=${PART:?no}", "A=${NONE:?no}",
	"A=b\nA=c", "A=b\nB=${A}", "B=${A}\nA=b", "A=é", "A=日本", "A=\"two\nlines\"", "A='two\nlines'", "A=b\r", "A=b\r\nB=c\r", "# A=b", "#A=b", "A=#b", "A= #b", "A='#b'", "\ufeffA=b", "A.B=c", "A-B=c", "a=b", "1A=b", "A B=c", "A=b c", "A=b=c", "A==b", "A=\"b\" c", "A='b' c", "A='b'c", `A="b"'c'`, "A='", `A="`, "A=\"b", "A=b'c", `A=b"c`, "A=`x`", "A=$(x)", "A=\\", "A=a\\b", "A=%41", "A={\"a\":1}", "A='{\"a\":\"b\"}'", `A="{\"a\":\"b\"}"`, "A=[1,2]", "A=a,b", "A=a;b", "A=a&b", "A=a|b", "A=~", "A=*", "A=!x", "A=null", "A=true", "A=0123", "A=1.50", "A=\"\"", "A=''", "A=\" \"", "A=' b '", "A=b  ", "A=b\t", "\n\nA=b", "A=b\n\n", "A=\"a\\tb\\\\c\"", "A='\\'", "A=\\n", "A=\\'", "A=${PART}$PART", "A=${PART}${NONE}", "A=postgres://u:${PART}@h/d", "A=\"${PART:-\"x\"}\"", "A=${NONE:-${PART}}", "A=${NONE:-'q'}", "PART=new\nA=${PART}", "A=${B:-x}\nB=y",
}
