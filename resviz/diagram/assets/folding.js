// Folding without Python: the rules of resviz.diagram.levels, and a picture stacked of the strips of
// resviz.diagram.strips. A strip begins where the one before ends, so that stacking is moving along the main path.

const EACH = "\ue000";   // the number of a block in the strips of a run of identical ones

// What a person took apart or together against a level of detail, by paths.
class Folding {
  constructor(stages, unfold = [], fold = []) { this.stages = stages; this.unfold = new Set(unfold); this.fold = new Set(fold); }

  get touched() { return this.unfold.size + this.fold.size > 0; }

  // Whether `path` names `inner` or what holds it.
  covers(path, inner) {
    const [stage, blocks] = path.split("."), [other, within] = inner.split(".");
    if (stage !== other || !blocks) return stage === other;
    if (!within) return false;
    const span = (words) => { const [first, last = first] = words.split("-").map(Number); return [first, last]; };
    const [first, last] = span(blocks), [start, end] = span(within);
    return first <= start && end <= last;
  }

  press(detail, path, action) {
    const stage = !path.includes("."), opened = this.unfold.has(path.split(".")[0]);
    const anyway = detail === "stages" || (detail === "blocks" && !stage && !opened);
    if (action === "unfold") {
      if (!this.fold.has(path) || (stage && detail === "stages")) this.unfold.add(path);
      this.fold.delete(path);
      return;
    }
    const inside = [...this.unfold].filter((inner) => this.covers(path, inner));
    for (const inner of inside) this.unfold.delete(inner);
    if (!anyway && !inside.includes(path)) this.fold.add(path);
  }

  // Everything, one step from a level.
  all(detail, action) {
    const deep = detail === "layers" || detail === "operations", stages = this.stages.map((stage) => stage.path);
    const runs = this.stages.flatMap((stage) => stage.runs.map((run) => run.path));
    this.unfold = new Set(action === "unfold" && !deep ? stages : []);
    this.fold = new Set(action === "unfold" || detail === "stages" ? [] : deep ? runs : stages);
  }

  // The pieces of a stage, each a strip with what stands in its paths for a number; null where the stage is one node.
  pieces(stage, detail) {
    const { unfold, fold } = this, deep = detail === "layers" || detail === "operations";
    const touched = [...unfold].some((path) => path === stage.path || path.startsWith(`${stage.path}.`));
    if (fold.has(stage.path) || (detail === "stages" && !touched)) return null;
    const opened = detail === "blocks" && unfold.has(stage.path);
    return stage.runs.flatMap(({ path, start, count, strip, each }) => {
      const singles = Array.from({ length: count }, (_, index) => `${stage.path}.${start + index}`);
      if (count > 1 && (fold.has(path) || !(deep || opened || unfold.has(path) || singles.some((one) => unfold.has(one))))) return [{ strip, number: "" }];
      return singles.map((one, index) => {
        const show = fold.has(one) ? "folded" : unfold.has(one) ? "operations" : deep ? detail : "folded";
        return { strip: each[show], number: String(start + index), first: index === 0 };
      });
    });
  }
}

// The picture of a folding: its SVG, with what is found in it and how wide its lines are.
class Stack {
  constructor(strips, horizontal) {
    this.strips = strips; this.horizontal = horizontal;
    this.free = 0; this.end = 0;
    this.parts = { grounds: "", notes: "", edges: "", nodes: "", handles: "" };
    this.words = {}; this.places = []; this.flow = [[], []];
  }

  drawn(name, folding, detail) {
    const { strips } = this, [first, last] = strips.ends[detail === "operations" ? detail : "layers"];
    this.put(first);
    strips.stages.forEach((stage, index) => this.stage(stage, folding.pieces(stage, detail), index));
    this.put(last);
    const { grounds, notes, edges, nodes, handles } = this.parts, [across, along] = this.size();
    const [wide, high] = this.horizontal ? [along, across] : [across, along];
    const title = name.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
    const svg = `<svg xmlns="${SVG}" viewBox="0 0 ${wide} ${high}" role="group" aria-label="Diagram of ${title}">${grounds}${strips.header}${notes}`
      + `<g role="listbox" aria-label="Layers of ${title}">${edges}${nodes}</g>${handles}</svg>`;
    return { svg, search: { words: this.words, places: this.places }, flow: this.flow.flat() };
  }

  size() {
    const { origin: [x, y], size: [wide, high], margin } = this.strips;
    return this.horizontal ? [high, Math.ceil(Math.max(wide, x + this.free + margin))] : [wide, Math.ceil(y + this.free + margin)];
  }

  stage(stage, pieces, index) {
    const { strips } = this, begin = this.free + (index ? 1 : 2) * strips.break, start = this.free = begin + strips.break;
    const [top] = pieces ?? [{ strip: stage.strip, number: "" }];
    if (pieces) this.places.push(stage.place);
    for (const { strip, number, first } of pieces ?? [top]) this.put(strip, number, first);
    const [notes, handles, room] = top.strip.label;
    this.add("notes", notes, start);
    this.add("handles", handles, start);
    this.free = Math.max(this.free, start + room) + strips.break;
    const { origin: [x, y], ground: [low, size] } = strips, length = this.free - begin;
    const [left, above, wide, high] = this.horizontal ? [x + begin, low, length, size] : [low, y + begin, size, length];
    this.parts.grounds += `<rect class="rz-ground ${stage.tint}" x="${left}" y="${above}" width="${wide}" height="${high}" rx="8"/>`;
  }

  put(strip, number = "", first = false) {
    const own = (text) => text.replaceAll(EACH, number), at = this.free, [trunk, others] = strip.flow;
    if (at > this.end && trunk.length) {
      const { origin: [x, y] } = this.strips, line = this.horizontal ? `M${x + this.end} ${y}L${x + at} ${y}` : `M${x} ${y + this.end}L${x} ${y + at}`;
      this.parts.edges += `<g class="edge trunk"><path class="rz-line" d="${line}"/></g>`;
      this.flow[0].push(trunk[0]);
    }
    for (const name of ["edges", "nodes", "notes", "handles"]) this.add(name, own(strip[name]), at);
    if (first) this.add("handles", strip.first, at);
    for (const [path, words] of Object.entries(strip.words)) this.words[own(path)] = words;
    this.places.push(...strip.places.map((place) => ({ ...place, path: own(place.path), words: own(place.words), nodes: place.nodes.map(own), edge: own(place.edge) })));
    this.flow[0].push(...trunk);
    this.flow[1].push(...others);
    this.free = at + strip.length;
    this.end = at + strip.end;
  }

  // Put a part of a strip where it begins: what has a place of its own is moved by its place.
  add(name, text, at) {
    const [dx, dy] = this.horizontal ? [at, 0] : [0, at];
    const moved = (x, y) => `${+(+x + dx).toFixed(3)} ${+(+y + dy).toFixed(3)}`;
    const tags = {
      nodes: [/(<g class="node[^>]* transform="translate\()([^ ]+) ([^)]+)/g, (_, head, x, y) => head + moved(x, y)],
      handles: [/(<g class="handle[^>]* transform="translate\()([^ ]+) ([^)]+)/g, (_, head, x, y) => head + moved(x, y)],
      notes: [/ x="([^"]+)" y="([^"]+)"/g, (_, x, y) => ` x="${+x + dx}" y="${+y + dy}"`],
      edges: [/ d="([^"]*)"| cx="([^"]+)" cy="([^"]+)"/g, (_, line, x, y) => (line === undefined ? ` cx="${+x + dx}" cy="${+y + dy}"` : ` d="${line.replace(/(-?[\d.]+(?:e[-+]?\d+)?) (-?[\d.]+(?:e[-+]?\d+)?)/g, (_, a, b) => moved(a, b))}"`)],
    };
    this.parts[name] += text.replace(...tags[name]);
  }
}
