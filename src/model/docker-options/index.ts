// The one table of docker run's options that end in a namespace, a control group, a mount, a capability, a seccomp or other setting of the kernel: flag,
// field of docker inspect, field of config.json, what the kernel keeps it in. Adding an option is adding a row.
import { DEVICE_OPTIONS } from './devices.ts';
import { LIMIT_OPTIONS } from './limits.ts';
import { MOUNT_OPTIONS } from './mounts.ts';
import { NAMESPACE_OPTIONS } from './namespaces.ts';
import type { DockerOption, OptionFacts, ToldOption } from './option.ts';
import { SECURITY_OPTIONS } from './security.ts';
import { WITHIN_OPTIONS } from './within.ts';

export type { DockerOption, KernelValue, OptionFacts, ToldOption, Verdict } from './option.ts';

export const DOCKER_OPTIONS: readonly DockerOption[] = [
  ...LIMIT_OPTIONS,
  ...DEVICE_OPTIONS,
  ...NAMESPACE_OPTIONS,
  ...WITHIN_OPTIONS,
  ...MOUNT_OPTIONS,
  ...SECURITY_OPTIONS,
];

/**
 * Every option that the container was given, in the table's order: asked, configured, and what the kernel has now. Without docker's word (another
 * engine, a dead daemon, a recording) those that config.json shows beyond the plain container.
 */
export function tellOptions(facts: OptionFacts): readonly ToldOption[] {
  return DOCKER_OPTIONS.flatMap((option) => {
    const told = option.tell(facts);
    return told ? [{ option, ...told }] : [];
  });
}
