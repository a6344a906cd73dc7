/** Style of our pages; colours are the custom properties of `COLOUR_CSS`. */
export const PAGE_CSS = `
*{box-sizing:border-box}
body{margin:0;background:color-mix(in srgb,var(--grid) 45%,var(--surface));color:var(--ink);
font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
main{max-width:1100px;margin:0 auto;padding:24px 16px 48px;display:grid;gap:20px;grid-template-columns:minmax(0,1fr)}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 8px}
h2{font-size:1.15rem;line-height:1.3;margin:0 0 4px}
p{margin:0 0 8px}
.lead{font-size:1.1rem;max-width:70ch;overflow-wrap:anywhere}
.note{color:var(--muted);font-size:.9rem;max-width:90ch}
section,figure{margin:0;padding:18px;background:var(--surface);border:1px solid var(--grid);border-radius:10px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:12px;margin:0}
.figures div{background:var(--surface);border:1px solid var(--grid);border-radius:10px;padding:12px 14px}
dt{color:var(--muted);font-size:.85rem}
dd{margin:2px 0 0;font-size:1.3rem;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
dd small{display:block;font-size:.8rem;font-weight:400;color:var(--muted)}
svg{display:block;width:100%;height:auto}
.wide{display:none}
.narrow{max-width:520px;margin:0 auto}
@media (min-width:820px){.wide{display:block}.narrow{display:none}}
@media (max-width:480px){main{padding:16px 10px 32px}section,figure{padding:14px 10px}
.figures{grid-template-columns:1fr 1fr;gap:8px}.figures div{padding:10px}dd{font-size:1.1rem}}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 10px;padding:0;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:7px}
.legend i{display:inline-block;width:26px}
.moments{list-style:none;counter-reset:moment;margin:8px 0 0;padding:0;font-size:.9rem;display:grid;gap:6px}
.moments li{counter-increment:moment;padding-left:32px;position:relative}
.moments li::before{content:counter(moment);position:absolute;left:0;top:1px;width:21px;height:21px;border-radius:50%;
background:var(--mark);color:var(--surface);font-size:12px;font-weight:700;line-height:21px;text-align:center}
.time{color:var(--muted);font-variant-numeric:tabular-nums;white-space:nowrap}
.id{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.85em;overflow-wrap:anywhere}
.losses{list-style:none;margin:8px 0 0;padding:0;font-size:.9rem}
.losses li{display:grid;grid-template-columns:8ch 17ch minmax(0,24ch) minmax(0,1fr);gap:2px 16px;padding:7px 0;
border-top:1px solid var(--grid)}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
@media (max-width:819px){.losses li{grid-template-columns:auto 1fr}.losses .id,.losses span:last-child{grid-column:1/-1}}
.checks{list-style:none;margin:8px 0 0;padding:0;display:grid;gap:6px}
.checks li{display:grid;grid-template-columns:4.4em minmax(0,1fr)}
.held b{color:var(--cured)}.broken b{color:var(--seized)}
`;
