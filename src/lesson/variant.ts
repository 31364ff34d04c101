// Which form of a lesson a host plays: by the lab's mode, and by the version of cgroups that each controller is on. Pure.
import type { LabMode, Operation } from '../lab/types.ts';
import type { Hierarchy } from '../model/types.ts';
import type { Lesson, Step } from './types.ts';

/** Of a step or an operation in lesson.yaml: where it is played. All that is given must hold. */
export interface Only {
  readonly mode?: LabMode | undefined;
  /** The version that `controller` is on. */
  readonly cgroup?: 'v1' | 'v2' | undefined;
  /** `memory` without it. */
  readonly controller?: string | undefined;
}

/** What a host makes of a lesson. */
export interface Variant {
  readonly mode: LabMode;
  /** `hybrid`: some controllers on version 1 beside a version 2 tree; `none`: no controllers to be seen. */
  readonly cgroup: 'v1' | 'v2' | 'hybrid' | 'none';
  /** Controller to the version of cgroups that has it. */
  readonly controllers: Readonly<Record<string, 1 | 2>>;
}

/** The variant of a host with these cgroup trees. */
export function variantOf(
  mode: LabMode,
  hierarchies: readonly Pick<Hierarchy, 'version' | 'controllers'>[],
): Variant {
  const controllers: Record<string, 1 | 2> = {};
  for (const { version, controllers: names } of hierarchies) {
    // `name=systemd` is a tree without a controller.
    for (const name of names) if (!name.includes('=')) controllers[name] ??= version;
  }
  const two = hierarchies.some(({ version }) => version === 2);
  const one = Object.values(controllers).includes(1);
  return { mode, cgroup: one ? (two ? 'hybrid' : 'v1') : two ? 'v2' : 'none', controllers };
}

/** True where a step or an operation is played; one that says nothing is played everywhere. */
export function fits(only: Only | undefined, { mode, controllers }: Variant): boolean {
  if (only === undefined) return true;
  if (only.mode !== undefined && only.mode !== mode) return false;
  const version = controllers[only.controller ?? 'memory'];
  if (only.cgroup === undefined) return only.controller === undefined || version !== undefined;
  return version !== undefined && `v${version}` === only.cgroup;
}

/** The lesson as this variant has it: steps and operations of others are left out. */
export function resolveLesson(lesson: Lesson, variant: Variant): Lesson {
  const kept = (
    operations: readonly (Operation & { readonly only?: Only | undefined })[],
  ): readonly Operation[] => operations.filter(({ only }) => fits(only, variant));
  return {
    ...lesson,
    steps: lesson.steps
      .filter(({ only }) => fits(only, variant))
      .map(
        (step): Step => ({
          ...step,
          operations: kept(step.operations),
          solution: kept(step.solution),
        }),
      ),
  };
}

/** The variants that a lesson can differ in: what `only` may ask of the controllers that it names. For those who check lessons. */
export function variantsToCheck(lesson: { readonly steps: readonly object[] }): readonly Variant[] {
  const text = JSON.stringify(lesson.steps);
  if (!text.includes('"only"')) return [variantOf('root', [{ version: 2, controllers: ['memory'] }])];
  const names = ['memory', ...[...text.matchAll(/"controller":"([a-z_]+)"/g)].map(([, name = '']) => name)];
  return (['root', 'rootless'] as const).flatMap((mode) =>
    ([1, 2] as const).map((version) => variantOf(mode, [{ version, controllers: names }])),
  );
}
