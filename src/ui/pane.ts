// Puts the parts of a drawing on the screen: one blessed box for each, given only its visible lines, and touched only where it changed.
import blessed from 'blessed';
import { onlySgr } from '../text/sanitize.ts';
import type { Rect } from '../app/layout.ts';
import type { Part } from '../view/screen.ts';
import type { Screen } from './screen.ts';

interface Placed {
  readonly box: blessed.Widgets.BoxElement;
  rect: Rect;
  content: string;
}

export interface Panes {
  /** Shows these parts and no others; does not render. */
  show(parts: readonly Part[]): void;
}

/** The boxes of one screen. A part keeps its box from one drawing to the next by its id. */
export function makePanes(screen: Screen): Panes {
  const placed = new Map<string, Placed>();
  return {
    show(parts) {
      const ids = new Set(parts.map((part) => part.id));
      for (const [id, pane] of placed) {
        if (ids.has(id)) continue;
        pane.box.detach();
        placed.delete(id);
      }
      for (const part of parts) {
        const pane = placed.get(part.id);
        if (pane) change(pane, part);
        else placed.set(part.id, add(screen, part));
      }
    },
  };
}

function contentOf(part: Part): string {
  return part.lines.map(onlySgr).join('\n');
}

function add(screen: Screen, { rect, ...part }: Part): Placed {
  const content = contentOf({ rect, ...part });
  // With wrap blessed breaks a line of full width that ends in an SGR code.
  const options = {
    parent: screen,
    left: rect.x,
    top: rect.y,
    width: rect.width,
    height: rect.height,
    tags: false,
    wrap: false,
  };
  const box = blessed.box(options);
  box.setContent(content);
  return { box, rect, content };
}

function change(pane: Placed, part: Part): void {
  const { rect } = part;
  const moved =
    rect.x !== pane.rect.x ||
    rect.y !== pane.rect.y ||
    rect.width !== pane.rect.width ||
    rect.height !== pane.rect.height;
  if (moved) {
    pane.box.left = rect.x;
    pane.box.top = rect.y;
    pane.box.width = rect.width;
    pane.box.height = rect.height;
    pane.rect = rect;
  }
  const content = contentOf(part);
  if (!moved && content === pane.content) return;
  pane.box.setContent(content);
  pane.content = content;
}
