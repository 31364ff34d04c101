// The lab's messages that a recording keeps as English lines and that are told anew in another language. A table of messages is added here.
import type { Message } from '../text/lang.ts';
import { NOTES, PLANS } from './messages.ts';
import { LIMITS } from './operations/limits-messages.ts';
import { DOCKER_NOTES, DOCKER_PLANS } from './operations/docker-messages.ts';
import { ID_MAP_NOTES, ID_MAP_PLANS } from './operations/id-map-messages.ts';
import { LINK_LINES } from './operations/link-messages.ts';
import { MOUNT_NOTES, MOUNT_PLANS } from './operations/mount-messages.ts';
import { PIN_LINES } from './operations/pin-messages.ts';
import { RUNC_NOTES, RUNC_PLANS } from './operations/runc-messages.ts';

export const TOLD: readonly Message[] = [
  NOTES,
  PLANS,
  LIMITS,
  MOUNT_NOTES,
  MOUNT_PLANS,
  LINK_LINES,
  PIN_LINES,
  RUNC_NOTES,
  RUNC_PLANS,
  DOCKER_NOTES,
  DOCKER_PLANS,
  ID_MAP_NOTES,
  ID_MAP_PLANS,
].flatMap((table): readonly Message[] => Object.values(table));
