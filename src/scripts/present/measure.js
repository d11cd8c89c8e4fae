// How much room a slide has, and how much of it each block takes.

/** The blocks with their heights, and the sizes that `split` needs. All blocks are laid out as on a slide for a moment. */
export const measured = (main, blocks) => {
  main.setAttribute("data-slide", "measured");
  const style = getComputedStyle(main);
  const pixels = (name) => Number.parseFloat(style[name]) || 0;
  const room = main.clientHeight - pixels("paddingTop") - pixels("paddingBottom");
  for (const block of blocks) block.height = block.element.hidden ? 0 : block.element.getBoundingClientRect().height;
  main.removeAttribute("data-slide");
  // A section that is only named is one line.
  return [blocks, { room, gap: pixels("rowGap"), parent: 1.4 * pixels("fontSize") }];
};
