// How a page becomes slides. The blocks of a page are given in order, each with its `kind`, its `height`, and for
// a heading its `level`:
//
// - A heading begins a slide. What belongs to it fills as many slides as it needs.
// - A slide has at most one program. If there is room, the program's output is on the same slide.
// - A figure or an exercise has a slide to itself, and so has a question with an answer to unfold.
// - A paragraph that leads to what follows it (`isLead`) stays with it, unless it is too long for that.
//
// A block that is higher than a slide has one to itself, where it is scrolled.

/**
 * The slides: `{ heading, parents, blocks, part, parts }`. `parents` are the headings of the sections around it.
 * `room` is the height of a slide, `gap` that between two blocks, and `parent` that of a section's heading when it is
 * only named.
 */
export const split = (blocks, { room, gap, parent = 0 }) =>
  sectionsOf(blocks).flatMap(({ heading, parents, blocks }) => {
    const named = parents.filter(({ level }) => level > 1).length * (parent + gap);
    const above = heading === null ? 0 : heading.height + gap;
    const filled = pack(together(blocks, gap, room - named - above), gap, room - named - above);
    return filled.map((blocks, index) => ({ heading, parents, blocks, part: index + 1, parts: filled.length }));
  });

const sectionsOf = (blocks) => {
  const sections = [];
  let parents = [];
  for (const block of blocks) {
    if (block.kind === "heading") {
      parents = parents.filter(({ level }) => level < block.level);
      sections.push({ heading: block, parents, blocks: [] });
      parents = [...parents, block];
    } else {
      if (sections.length === 0) sections.push({ heading: null, parents: [], blocks: [] });
      sections.at(-1).blocks.push(block);
    }
  }
  return sections;
};

const heightOf = (blocks, gap) => {
  const shown = blocks.filter(({ height }) => height > 0);
  return shown.reduce((sum, { height }) => sum + height, 0) + gap * Math.max(0, shown.length - 1);
};

// Blocks that stay on one slide.
const together = (blocks, gap, room) => {
  const groups = [];
  for (const block of blocks) {
    const group = groups.at(-1);
    if (group && staysWith(block, group, gap, room)) group.push(block);
    else groups.push([block]);
  }
  return groups;
};

// The part of a slide that a leading paragraph may take from what follows it, which is scrolled then.
const MOST_OF_LEAD = 0.25;

const staysWith = (block, group, gap, room) => {
  const before = group.at(-1);
  // What is not shown takes no room.
  if (block.height === 0 || block.kind === "answer") return true;
  const fits = heightOf([...group, block], gap) <= room;
  if (before.isLead) return fits || heightOf(group, gap) <= MOST_OF_LEAD * room;
  return fits && block.kind === "output" && before.kind === "program";
};

const has = (blocks, ...kinds) => blocks.some(({ kind }) => kinds.includes(kind));

const pack = (groups, gap, room) => {
  const slides = [[]];
  for (const group of groups) {
    const slide = slides.at(-1);
    const standsAlone = has(group, "figure", "exercise", "answer") || (has(group, "program") && has(slide, "program"));
    const isFull = has(slide, "figure", "exercise", "answer") || heightOf([...slide, ...group], gap) > room;
    if (slide.length > 0 && (standsAlone || isFull)) slides.push(group);
    else slide.push(...group);
  }
  return slides;
};
