#pragma once
// The style of the HTML report. Nothing in it refers to anything outside the page.

#include <string_view>

namespace hopblame {

inline constexpr std::string_view page_style = R"css(
:root{color-scheme:light dark;--paper:#f4f5f7;--card:#fff;--ink:#1b2430;--dim:#5b6675;
--line:#d9dee5;--bad:#b3261e;--bad-soft:#fdecea;--good:#1e6b3a;--good-soft:#e6f4ea;--warn:#7a5200;
--warn-soft:#fff4dc;--target:#2456c5;--control:#8a94a3;--code:#f0f2f5}
@media(prefers-color-scheme:dark){:root{--paper:#12161c;--card:#1b2129;--ink:#e7ebf0;--dim:#9aa6b5;
--line:#323b47;--bad:#ff8a80;--bad-soft:#3a1d1c;--good:#7fd39a;--good-soft:#17301f;--warn:#ffcf6b;
--warn-soft:#332813;--target:#7aa5ff;--control:#7c8798;--code:#12161c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:16px}
section,header{background:var(--card);border:1px solid var(--line);border-radius:12px;
padding:18px 20px;margin:0 0 16px;overflow-wrap:anywhere}
header{border-left:8px solid var(--bad);background:var(--bad-soft)}
header.open{border-left-color:var(--good);background:var(--good-soft)}
header.inconclusive{border-left-color:var(--warn);background:var(--warn-soft)}
h1{font-size:1.55rem;line-height:1.25;margin:.1em 0 .35em;text-wrap:balance}
h2{font-size:1.05rem;margin:0 0 .6em}h3{font-size:1rem;margin:.8em 0 .4em}
h1 b{color:var(--bad)}.open h1 b{color:var(--good)}.inconclusive h1 b{color:var(--warn)}
p{margin:.4em 0}ul,ol{margin:.2em 0;padding-left:1.3em}li{margin:.45em 0}
.dim{color:var(--dim);font-size:.92rem}.sure{margin-top:.8em}
.ask{border-top:1px solid var(--line);padding-top:.5em}
code,pre,.address{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:9px 12px;
margin:.5em 0;font-size:.86rem;line-height:1.5;white-space:pre-wrap}
.who{font-weight:600}.change{background:var(--warn-soft);color:var(--warn);border-radius:6px;
padding:1px 7px;font-size:.85rem;margin-left:.4em}
.columns{display:grid;column-gap:16px}.columns>*{min-width:0}
@media(min-width:900px){.columns{grid-template:auto 1fr/428px 1fr}
.why{grid-area:1/2/span 2}.path{grid-area:1/1}.proof{grid-area:2/1}}
svg{max-width:100%;height:auto;display:block}
svg text{fill:var(--ink);font-size:12.5px}
svg .key,svg .name{fill:var(--dim)}svg .name{font-size:12px}
svg .address{font-size:14px}svg .address.long{font-size:11.8px}
svg .hop{text-anchor:middle;font-weight:600;font-size:14px}
svg .note,svg .hop.blamed{fill:var(--bad);font-weight:600}
svg .box{fill:var(--card);stroke:var(--control);stroke-width:1.5}
svg .box.blamed{fill:var(--bad-soft);stroke:var(--bad);stroke-width:2.5}
svg .target,svg .control{stroke-width:5;stroke-linecap:round}
svg .target{stroke:var(--target)}svg .control{stroke:var(--control)}
svg .unsure{stroke-dasharray:1 9}svg .lost{stroke:var(--dim);stroke-width:3;stroke-dasharray:2 6}
svg .cross{stroke:var(--bad);stroke-width:4;fill:none;stroke-linecap:round}
svg .lane{stroke:var(--line);stroke-width:1.5}
svg .lane-name{text-anchor:middle;fill:var(--dim);font-size:11.5px}
svg .row{fill:none}svg g:target .row{fill:var(--warn-soft);stroke:var(--warn)}
svg .words{font-size:11.8px;paint-order:stroke;stroke:var(--card);stroke-width:4px}svg .number{font-weight:700}
svg .when{text-anchor:end;fill:var(--dim);font-size:10.5px}
svg .wire{stroke:var(--target);stroke-width:2}svg .tip{fill:var(--target)}
svg .tip{stroke:none}svg .box.unheard{stroke-dasharray:5 4}
svg .wire.control{stroke:var(--control)}svg .tip.control{fill:var(--control)}
svg .around{fill:none;stroke:var(--bad);stroke-width:2.5}
svg .wire.back{stroke:var(--good)}svg .tip.back{fill:var(--good)}
svg .wire.forged{stroke:var(--bad);stroke-dasharray:6 3}svg .tip.forged{fill:var(--bad)}
a{color:var(--target)}
.facts th{width:8em}.facts td,.facts th{border:0;padding:2px 10px 2px 0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:6px 10px 6px 0;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:normal}
.name{color:var(--dim);overflow-wrap:anywhere}td .address{overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600}
td.rtt,th.rtt{text-align:right;white-space:nowrap;padding-right:18px}
.badge{font-weight:400;font-size:.85em;white-space:nowrap}
tr.blamed td{background:var(--bad-soft)}tr.blamed td:first-child{font-weight:700;color:var(--bad)}
td:first-child,th:first-child{padding-left:8px}
.passes,.answers{color:var(--good)}.blocked{color:var(--bad);font-weight:600}
.silent{color:var(--warn)}.not-asked{color:var(--dim)}
footer{color:var(--dim);font-size:.88rem;padding:0 4px 20px}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--dim:#444;--line:#bbb;
--bad:#b3261e;--bad-soft:#fdecea;--good:#1e6b3a;--good-soft:#e6f4ea;--warn:#7a5200;
--warn-soft:#fff4dc;--target:#2456c5;--control:#8a94a3;--code:#f0f2f5}
html{font-size:12.5px}body{font-size:1rem;line-height:1.4}main{padding:0}header,li,tr,pre,svg{break-inside:avoid}
section,header{padding:9px 14px;margin-bottom:9px}h1{font-size:1.4rem}h2{break-after:avoid}
svg{zoom:.85}footer{break-before:avoid;padding:0}
.download{display:none}.scroll{overflow:visible}}
)css";

}  // namespace hopblame
