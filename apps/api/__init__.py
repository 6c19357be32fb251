"""HTTP for programs: parse, call one command or query, render. Nobody imports this."""
