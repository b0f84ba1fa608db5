package dev.rivulet.edge.figures;

import java.util.stream.Collectors;

/** A report as a page without scripts, which loads itself anew. */
final class StatusPage {
    /** The page is as old as this at most. */
    static final int REFRESH_SECONDS = 5;

    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1b2330; --dim: #5a6675; --paper: #f6f7f9; --card: #fff;
              --line: #d9dee5; --accent: #0a6e78; --bad: #a4262c }
            @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf1; --dim: #a2adbb; --paper: #14181e;
              --card: #1d232b; --line: #353e4a; --accent: #5cc4cf; --bad: #ff9a94 } }
            * { box-sizing: border-box }
            body { margin: 0; padding: 1.25rem; background: var(--paper); color: var(--ink);
              font: 1rem/1.45 system-ui, sans-serif }
            main, header { max-width: 80rem; margin: 0 auto }
            h1 { font-size: 1.35rem; margin: 0 }
            h2 { font-size: .95rem; margin: 0 0 .5rem; color: var(--accent) }
            .state { margin: .25rem 0 1.25rem; color: var(--dim) }
            .state.bad { color: var(--bad); font-weight: 600 }
            main { display: grid; gap: 1rem; align-items: start;
              grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) }
            section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem;
              min-width: 0 }
            section:last-child:nth-child(5) { grid-column: 1 / -1 }
            dl { margin: 0 }
            dl div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .25rem 0;
              border-top: 1px solid var(--line) }
            dl div:first-child { border-top: 0 }
            dt { color: var(--dim); overflow-wrap: anywhere }
            dd { margin: 0 0 0 auto; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
            """;

    private StatusPage() {}

    /** The style sheet, to be allowed by its hash. */
    static String style() {
        return STYLE;
    }

    static String of(StatusReport report) {
        String sections =
                StatusLines.of(report).stream().map(StatusPage::section).collect(Collectors.joining("\n"));
        String state = report.notServing() == null ? "state" : "state bad";
        return """
               <!doctype html>
               <html lang="en">
               <meta charset="utf-8">
               <meta name="viewport" content="width=device-width, initial-scale=1">
               <meta http-equiv="refresh" content="%d">
               <title>rivulet-edge: %s</title>
               <style>%s</style>
               <header>
               <h1>rivulet-edge %s</h1>
               <p class="%s">%s</p>
               </header>
               <main>
               %s
               </main>
               </html>
               """.formatted(
                        REFRESH_SECONDS,
                        escaped(StatusLines.headline(report)),
                        STYLE,
                        escaped(report.version()),
                        state,
                        escaped(StatusLines.headline(report)),
                        sections);
    }

    private static String section(StatusLines.Section section) {
        String lines = section.lines().stream()
                .map(line -> "<div><dt>" + escaped(line.name()) + "</dt><dd>" + escaped(line.value()) + "</dd></div>")
                .collect(Collectors.joining("\n"));
        return "<section>\n<h2>" + escaped(section.title()) + "</h2>\n<dl>\n" + lines + "\n</dl>\n</section>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
