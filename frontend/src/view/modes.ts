/** The editor modes that fenced code in Markdown may name without anything being loaded first. */

import "codemirror/mode/clike/clike"
import "codemirror/mode/diff/diff"
import "codemirror/mode/htmlmixed/htmlmixed"
import "codemirror/mode/julia/julia"
import "codemirror/mode/python/python"
import "codemirror/mode/r/r"
import "codemirror/mode/shell/shell"
import "codemirror/mode/sql/sql"
import "codemirror/mode/yaml/yaml"
