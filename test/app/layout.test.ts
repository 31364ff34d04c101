import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { innerRect, layoutOf, overlayRect, type Rect } from '../../src/app/layout.ts';
import type { ScreenName } from '../../src/app/state.ts';

const test = suite('layout');

const SCREENS: readonly ScreenName[] = ['home', 'lesson', 'inspect'];

/** Fails where two parts share a cell or a cell has no part. */
function tiles(rects: readonly Rect[], width: number, height: number, what: string): void {
  const taken = new Uint8Array(width * height);
  for (const rect of rects) {
    assert.ok(rect.width > 0 && rect.height > 0, `${what}: empty part`);
    assert.ok(rect.x + rect.width <= width && rect.y + rect.height <= height, `${what}: outside`);
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      for (let x = rect.x; x < rect.x + rect.width; x += 1) {
        const at = y * width + x;
        if (taken[at]) assert.unreachable(`${what}: two parts at ${x},${y}`);
        taken[at] = 1;
      }
    }
  }
  const bare = taken.indexOf(0);
  if (bare !== -1) assert.unreachable(`${what}: nothing at ${bare % width},${Math.floor(bare / width)}`);
}

test('the parts tile every size from 80×24 to 220×70', () => {
  for (const screen of SCREENS) {
    for (let width = 80; width <= 220; width += width < 124 ? 1 : 7) {
      for (let height = 24; height <= 70; height += height < 44 ? 1 : 5) {
        for (const shell of ['none', 'front', 'behind'] as const) {
          const layout = layoutOf({ width, height }, screen, 'links', shell);
          const what = `${screen} ${width}×${height} shell ${shell}`;
          assert.ok(layout, what);
          if (!layout) return;
          const panes = layout.panes.map((pane) => pane.rect);
          tiles([layout.header, ...panes, layout.status, layout.footer], width, height, what);
          for (const pane of layout.panes) {
            assert.ok(innerRect(pane).height >= 3, `${what}: ${pane.id} has no room`);
            assert.ok(innerRect(pane).width >= 30, `${what}: ${pane.id} is narrow`);
          }
        }
      }
    }
  }
});

test('80×24: the lesson keeps 38 columns, the right side is one pane with three tabs', () => {
  const layout = layoutOf({ width: 80, height: 24 }, 'lesson', 'cgroup');
  const [lesson, output, right] = layout?.panes ?? [];
  assert.equal([lesson?.id, output?.id, right?.id], ['lesson', 'output', 'cgroup']);
  assert.is(lesson?.rect.width, 38);
  assert.equal(right?.tabs, ['tree', 'links', 'cgroup']);
  assert.is(layout?.panes.length, 3);
});

test('120×40: the three live panes stand above one another', () => {
  const layout = layoutOf({ width: 120, height: 40 }, 'lesson', 'cgroup');
  assert.equal(
    layout?.panes.map((pane) => pane.id),
    ['lesson', 'output', 'tree', 'links', 'cgroup'],
  );
  assert.ok(layout?.panes.every((pane) => pane.tabs === null));
});

test('a shell has half of the left column, and 80 columns as soon as the live panes keep 60', () => {
  const shellAt = (width: number, height: number) => {
    const layout = layoutOf({ width, height }, 'lesson', 'links', 'front');
    const pane = layout?.panes.find(({ id }) => id === 'shell');
    return pane && { width: innerRect(pane).width, height: innerRect(pane).height };
  };
  assert.equal(shellAt(80, 24), { width: 35, height: 9 });
  assert.equal(shellAt(120, 40), { width: 57, height: 17 });
  assert.equal(shellAt(143, 45), { width: 80, height: 19 });
  assert.equal(shellAt(200, 60), { width: 80, height: 27 });
});

test('below 80×24 there is no layout', () => {
  assert.is(layoutOf({ width: 79, height: 24 }, 'home', 'tree'), null);
  assert.is(layoutOf({ width: 80, height: 23 }, 'home', 'tree'), null);
});

test('an overlay is in the middle and never larger than the terminal', () => {
  assert.equal(overlayRect({ width: 80, height: 24 }, { width: 60, height: 10 }), {
    x: 10,
    y: 7,
    width: 60,
    height: 10,
  });
  assert.equal(overlayRect({ width: 40, height: 8 }, { width: 60, height: 10 }), {
    x: 0,
    y: 0,
    width: 40,
    height: 8,
  });
});

test.run();
