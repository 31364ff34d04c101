// The looks at the host that cost more than a scan, each repeated while the screens want it. When they do is app/'s.
import type { Action } from '../app/actions.ts';
import { shownStory } from '../app/story.ts';
import type { AppState } from '../app/state.ts';
import { type Look, repeatedLook } from './looks.ts';
import type { HostFeed } from './options.ts';

/** A look for findings goes through every process' descriptors and every mount namespace: seldom. */
const FINDINGS_EVERY_MS = 10_000;
/** A look at the networks starts a command in each. */
const NETWORKS_EVERY_MS = 2_000;
/** Capabilities and mounts change seldom. */
const STORY_EVERY_MS = 3_000;

export interface HostLooks {
  readonly findings: Look;
  readonly networks: Look;
  readonly story: Look;
  stop(): void;
}

/** Nothing is read anew in a pause; what was not read yet is. */
export function hostLooks(
  host: HostFeed,
  state: () => AppState,
  dispatch: (action: Action) => void,
): HostLooks {
  const looks = {
    findings: repeatedLook(
      async () => (state().paused ? null : host.ask('findings')),
      (findings) => dispatch({ type: 'findings', findings }),
      FINDINGS_EVERY_MS,
    ),
    networks: repeatedLook(
      async () => (state().paused && state().networks !== null ? null : host.ask('networks')),
      (networks) => dispatch({ type: 'networks', networks }),
      NETWORKS_EVERY_MS,
    ),
    story: repeatedLook(
      async () => {
        const of = state().storyAsked;
        if (of === null || (state().paused && shownStory(state()) !== null)) return null;
        return host.ask('story', of);
      },
      (facts) => dispatch({ type: 'story', facts }),
      STORY_EVERY_MS,
    ),
  };
  return {
    ...looks,
    stop() {
      for (const look of Object.values(looks)) look.want(false);
    },
  };
}
