/** The look of the report: on a projector, on a laptop, on paper. */
export const styleSheet = `
:root{color-scheme:light;--ink:#17202b;--soft:#536071;--line:#d5dbe3;--pale:#f4f6f9;--link:#004f8b;
--pass:#0a6b47;--pass-pale:#e6f4ed;--fail:#b0201b;--fail-pale:#fdeceb;--unknown:#7d5200;--unknown-pale:#fff3d9;
--mono:ui-monospace,"Cascadia Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{margin:0 auto;max-width:76rem;padding:1.5rem clamp(1rem,4vw,3rem) 4rem;color:var(--ink);background:#fff;
font:1.0625rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
h1,h2,h3{line-height:1.2;text-wrap:balance;letter-spacing:-.01em}
h1{font-size:clamp(1.9rem,4vw,2.9rem);margin:.1em 0 .6em}
h2{font-size:1.55rem;margin:2.4em 0 .7em}
h3{font-size:1.25rem;margin:0}
p,ul,ol,dl,figure,pre{margin:0 0 .8em}
a{color:var(--link)}
code,pre{font-family:var(--mono);font-size:.92em}
small{color:var(--soft)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
#to-en:checked~* [lang=fr],#to-fr:checked~* [lang=en]{display:none!important}
input[name=language]{position:absolute;opacity:0}
label{display:inline-block;padding:.15rem .8rem;border:1px solid var(--line);border-radius:2rem;cursor:pointer;color:var(--soft)}
:checked+label{background:var(--ink);border-color:var(--ink);color:#fff}
input:focus-visible+label{outline:3px solid var(--link);outline-offset:2px}
.kit{color:var(--soft);margin:1rem 0 0}
.banner{display:flex;gap:1.4rem;align-items:flex-start;padding:1.4rem 1.6rem;border-radius:.9rem;border-left:.6rem solid}
.banner h2{margin:0;font-size:2rem}
.banner h2 span{display:inline-block}.banner h2 span::first-letter{text-transform:uppercase}
.banner p{margin:.2rem 0 0}
.banner .sign{flex:none;display:grid;place-items:center;width:4rem;height:4rem;margin:.1rem 0 0;border-radius:50%;color:#fff;font-size:2.4rem;line-height:1;font-weight:700}
.banner .facts{font-size:1.15rem}
.banner.pass{background:var(--pass-pale);border-color:var(--pass)}
.banner.fail{background:var(--fail-pale);border-color:var(--fail)}
.banner.unknown{background:var(--unknown-pale);border-color:var(--unknown)}
.pass .sign{background:var(--pass)}.fail .sign{background:var(--fail)}.unknown .sign{background:var(--unknown)}
.banner.pass h2{color:var(--pass)}.banner.fail h2{color:var(--fail)}.banner.unknown h2{color:var(--unknown)}
.attention{margin:.8rem 0 0;padding:0;list-style:none}
.step{padding:1.3rem 0 1.1rem;border-top:1px solid var(--line)}
.step .number{display:inline-grid;place-items:center;width:2rem;height:2rem;margin-right:.35rem;border-radius:50%;background:var(--ink);color:#fff;font-size:1rem}
.when{color:var(--soft);font-size:.92rem;margin:.25rem 0 .6rem}
.say{max-width:60rem;font-size:1.12rem}
.prediction{border-left:.3rem solid var(--link);padding-left:.9rem;max-width:60rem}.prediction p{margin:0}
.say code,.claim code{background:var(--pale);padding:.05em .3em;border-radius:.25em}
.evidence li{overflow-wrap:anywhere}
.commands{background:#17202b;color:#f2f5f9;padding:.8rem 1rem;border-radius:.6rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
.commands .said{color:#cfd9e4}
.commands .prompt{color:#9fb3c8;user-select:none}
.checks{list-style:none;padding:0;display:grid;gap:.45rem}
.checks li{padding:.5rem .9rem;border-left:.3rem solid;border-radius:.35rem;background:var(--pale)}
.checks li.pass{border-color:var(--pass)}
.checks li.fail{border-color:var(--fail);background:var(--fail-pale)}
.checks li.unknown{border-color:var(--unknown);background:var(--unknown-pale)}
.checks li:target{outline:3px solid var(--link)}
.checks p{margin:0}
.verdict{display:inline-block;font-weight:700;margin-right:.5em}
.pass .verdict{color:var(--pass)}.fail .verdict{color:var(--fail)}.unknown .verdict{color:var(--unknown)}
.because{color:var(--soft);font-size:.94rem;overflow-wrap:anywhere}
.fail .because,.unknown .because{color:var(--ink)}
.shots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.2rem;margin-top:1rem}
.shots figure{margin:0;max-width:36rem}
.shots img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:.6rem;box-shadow:0 2px 10px #17202b1f}
.shots .missing{padding:3rem 1rem;border:1px dashed var(--soft);border-radius:.6rem;text-align:center;color:var(--soft)}
figcaption{margin-top:.5rem;color:var(--soft);font-size:.95rem}
figcaption .page{display:block;color:var(--ink)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.98rem;margin:.4rem 0 1rem}
caption{text-align:left;font-weight:700;padding:.4rem 0}
th,td{padding:.4rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline}
thead th{border-bottom:2px solid var(--ink);font-size:.9rem;white-space:nowrap}
tbody th{font-weight:600}
.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bad{color:var(--fail);font-weight:700}
.share{min-width:9rem;white-space:nowrap}
.track{display:inline-block;width:7rem;margin-right:.6em}
.bar{display:block;height:.7em;min-width:2px;background:#0072b2;border-radius:2px}
.outcome.refused{color:#8a4b00}.outcome.unreachable{color:#7b2d72}.outcome.silent{color:var(--fail)}.outcome.connected{color:var(--pass)}
.events th{font-weight:400}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:.2rem 2rem}
dl div{display:flex;gap:.6rem;border-bottom:1px solid var(--line);padding:.3rem 0}
dt{color:var(--soft);flex:0 0 8.5rem}
dd{margin:0;overflow-wrap:anywhere}
.timeline{display:block;width:100%;min-width:46rem;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.timeline text{fill:var(--ink)}
.timeline .label{text-anchor:end;font-size:11.5px}
.timeline .visitor{font-weight:700;font-size:14px}
.timeline .kind{fill:var(--soft);font-size:11.5px}
.timeline .step.even{fill:#f4f6f9}.timeline .step.odd{fill:#e9eef4}
.timeline .step-number,.timeline .tick-label,.outage text{text-anchor:middle}
.timeline .step-number{font-weight:700}
.axis,.tick{stroke:var(--soft);fill:none}
.guide{stroke:#c3ccd7;fill:none}
.moment path{stroke:#17202b;stroke-dasharray:3 3;fill:none;opacity:.65}
.moment circle{fill:#17202b}
.timeline .moment text{fill:#fff;text-anchor:middle;font-size:11px;font-weight:700}
.mark{fill:#0072b2}
.wait{stroke:#0072b2;stroke-width:1.6;fill:none;opacity:.75}
.m0 .mark{fill:#0072b2}.m0 .wait{stroke:#0072b2}.m1 .mark{fill:#b26200}.m1 .wait{stroke:#b26200}
.m2 .mark{fill:#00805c}.m2 .wait{stroke:#00805c}.m3 .mark{fill:#8b3f87}.m3 .wait{stroke:#8b3f87}
.m4 .mark{fill:#3a6ea5}.m4 .wait{stroke:#3a6ea5}.m5 .mark{fill:#6b5d00}.m5 .wait{stroke:#6b5d00}
.m6 .mark{fill:#1f6f78}.m6 .wait{stroke:#1f6f78}.m7 .mark{fill:#5b4fa3}.m7 .wait{stroke:#5b4fa3}
.mnone .mark{fill:var(--soft)}.mnone .wait{stroke:var(--soft)}
.f1{fill:#fff!important;stroke-width:1.8}.f2{stroke-width:2.2;stroke-dasharray:2 1.4;fill:#fff!important}
.m0 .f1,.m0 .f2{stroke:#0072b2}.m1 .f1,.m1 .f2{stroke:#b26200}.m2 .f1,.m2 .f2{stroke:#00805c}.m3 .f1,.m3 .f2{stroke:#8b3f87}
.m4 .f1,.m4 .f2{stroke:#3a6ea5}.m5 .f1,.m5 .f2{stroke:#6b5d00}.m6 .f1,.m6 .f2{stroke:#1f6f78}.m7 .f1,.m7 .f2{stroke:#5b4fa3}
.f1,.f2{stroke:#0072b2}.mnone .f1,.mnone .f2{stroke:var(--soft)}
.timeline a{cursor:pointer}.timeline a:hover path,.timeline a:focus path{stroke:#17202b;stroke-width:2.2}
.timeline a:focus{outline:none}
.lane a text,.legend .letter{font-size:7.5px;font-weight:700;text-anchor:middle;fill:#fff!important;pointer-events:none}
.legend .letter{font-size:9px}
.lane a .f1+text,.lane a .f2+text{fill:var(--ink)!important}
.timeline .small{font-size:9.5px;fill:var(--soft)}
.event{stroke:none;fill:#536071}.event.trouble{fill:#b0201b}.event.recovery{fill:#0a6b47}
.fault rect{fill:#f6c9c6;stroke:#b0201b}
.timeline .fault text{font-size:10.5px;fill:#6d1410;font-weight:700;text-anchor:middle}
.timeline .fault .behind{text-anchor:start}.timeline .fault .before{text-anchor:end}
.failed{stroke:#d0021b;stroke-width:2.4;fill:none;stroke-linecap:round}
.hatch{stroke:#b0201b;stroke-width:1.6;opacity:.4}
.outage rect{fill:url(#hatch);stroke:#b0201b66}
.timeline .outage text{font-size:10.5px;fill:#8c1712;font-weight:700;paint-order:stroke;stroke:#fff;stroke-width:4px}
.absent rect{fill:#fff;opacity:.75;stroke:#c3ccd7;stroke-dasharray:2 3}
.panel{display:none}
.panel:target{display:block;position:fixed;z-index:9;left:0;right:0;bottom:0;max-height:44vh;overflow:auto;margin:0;padding:1rem clamp(1rem,5vw,4rem) 1.4rem;background:#fff;border-top:.3rem solid var(--ink);box-shadow:0 -6px 30px #17202b40}
.panel nav{float:right;display:flex;gap:.5rem 1.2rem;flex-wrap:wrap;margin-left:1rem}
#to-en:checked~.panels pre::before{content:"Headers of the answer"}
#to-fr:checked~.panels pre::before{content:"En-têtes de la réponse"}
.panel pre::before{display:block;column-span:all;font-weight:700}
.panel pre{columns:2 24rem}
.panel pre,.config{background:var(--pale);padding:.6rem .9rem;border-radius:.5rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.88rem}
.ids{color:var(--soft);font-size:.88rem}
details{margin:0 0 .8em}summary{cursor:pointer}
.evidence{margin:.2rem 0 0;font-size:.92rem}.evidence summary{color:var(--soft)}
.evidence ul{margin:.2rem 0 0;padding-left:1.3rem}.evidence li{border:0;background:none;padding:.05rem 0}
.all-requests p{overflow-wrap:anywhere}
.notable th{white-space:nowrap}.notable td:last-child{font-size:.92rem;min-width:18rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0;margin:.5rem 0;font-size:.95rem}
.legend svg{width:20px;height:16px;vertical-align:-3px;margin-right:.4em}
.moments{columns:2 24rem;font-size:.95rem;padding-left:1.6rem}
.moments li{break-inside:avoid}
.moments time{font-variant-numeric:tabular-nums;display:inline-block;min-width:4.2em;text-align:right;margin-right:.5em}
@media print{
@page{size:A4;margin:14mm}
html{font-size:10pt}
body{max-width:none;padding:0}
label,.panel,.panel:target,.all-requests,.share .track{display:none}
.share{min-width:0}thead th{white-space:normal}
details::details-content{content-visibility:visible;block-size:auto}
h2{margin-top:1.4em}
h2,h3,caption,thead{break-after:avoid}
.shots figure,.checks li,tr,.banner,.legend,.timeline{break-inside:avoid}
.wide{overflow:visible}
.timeline{min-width:0}
.shots{grid-template-columns:1fr 1fr}
.shots img{box-shadow:none}
.commands{background:#fff;color:var(--ink);border:1px solid var(--line)}
.commands .prompt,.commands .said{color:var(--soft)}
a{color:inherit}
}
`;
