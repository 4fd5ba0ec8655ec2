/** How the page of the description looks; everything in it comes from this address. */
export const PAGE_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.25rem 4rem; }
h1 { margin: 0; }
h2 { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); margin: 2.5rem 0 0.25rem; padding-top: 1.5rem; }
h3 { font-size: 0.9rem; margin: 1rem 0 0.25rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { background: color-mix(in srgb, currentColor 7%, transparent); border-radius: 6px; margin: 0.25rem 0; overflow-x: auto; padding: 0.75rem; }
nav ul { columns: 16rem; padding: 0; }
nav li { list-style: none; }
details { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; margin: 0.5rem 0; }
summary { cursor: pointer; padding: 0.5rem 0.75rem; }
summary:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
details > div { padding: 0 1rem 1rem; }
.method { display: inline-block; font: 600 0.8rem ui-monospace, monospace; width: 4rem; }
.path { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.what { display: block; padding-left: 5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
`;
