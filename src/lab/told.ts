// The lab's messages that a recording keeps as English lines and that are told anew in another language. A table of messages is added here.
import type { Message } from '../text/lang.ts';
import { NOTES, PLANS } from './messages.ts';
import { RUNC_NOTES, RUNC_PLANS } from './operations/runc-messages.ts';

export const TOLD: readonly Message[] = [NOTES, PLANS, RUNC_NOTES, RUNC_PLANS].flatMap(
  (table): readonly Message[] => Object.values(table),
);
