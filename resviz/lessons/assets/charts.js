// Charts of a lesson in one file: plotly waits in the page, packed, and draws each chart when it is seen, in the colours
// of the page.
(async () => {
"use strict";
const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (char) => char.charCodeAt(0));
const source = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
document.head.append(Object.assign(document.createElement("script"), { textContent: source }));

// What a chart does not say of its looks.
function template() {
  const style = getComputedStyle(document.documentElement), colour = (name) => {
    const probe = Object.assign(document.createElement("i"), { style: `color: var(${name})` });
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const colours = style.getPropertyValue("--charts").trim().split(/\s+/), [totals, , increasing, , , , , , decreasing] = colours.map((color) => ({ marker: { color } }));
  const axis = { title: { font: { size: 13 } }, gridcolor: colour("--line"), linecolor: colour("--line"), zerolinecolor: colour("--line"), automargin: true };
  return { data: { waterfall: [{ increasing, decreasing, totals }] }, layout: { colorway: colours, font: { color: colour("--ink"), family: "system-ui, sans-serif", size: 13 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", xaxis: axis, yaxis: axis, hoverlabel: { bgcolor: colour("--raised"), font: { color: colour("--ink") } } } };
}

const charts = [...document.querySelectorAll(".chart")].map((place) => {
  const { data, layout } = JSON.parse(place.querySelector("script").textContent), plot = document.createElement("div");
  plot.style.height = "100%";
  place.append(plot);
  return { plot, draw: () => Plotly.react(plot, structuredClone(data), { ...structuredClone(layout), template: template(), autosize: true }, { displayModeBar: false, responsive: true }) };
});
const seen = new ResizeObserver((entries) => { for (const { target } of entries) if (target.clientWidth && !target.drawn) { target.drawn = true; charts.find(({ plot }) => plot === target).draw(); } });
for (const { plot } of charts) seen.observe(plot);
const again = () => { for (const { plot, draw } of charts) if (plot.clientWidth) { plot.drawn = true; draw(); } };
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
for (const event of ["beforeprint", "afterprint"]) window.addEventListener(event, again);
})();
