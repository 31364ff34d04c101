// Parses crun's status file (ROOT/ID/status; libcrun, status.c): who the first process is and where its group is.
// It is crun's own file, with no promise of form: what is not needed is not looked at.
import { asInteger, asObject, asOptionalString, parseJson } from './json.ts';

export interface CrunStatus {
  readonly initPid: number;
  /** Field 22 of the first process' stat; null where an old crun did not write it: then the pid proves nothing. */
  readonly initStart: number | null;
  /** Relative to the hierarchies' roots; not sanitised. Absent where crun manages no group (--cgroup-manager=disabled). */
  readonly cgroupPath?: string;
  /** Not sanitised. */
  readonly bundle?: string;
}

/** Throws ParseError where pid is missing or a part has another form. The id is the directory's name. */
export function parseCrunStatus(json: string, path: string): CrunStatus {
  const status = asObject(parseJson(json, path), 'the status', path);
  const start = status['process-start-time'];
  const cgroupPath = asOptionalString(status['cgroup-path'], 'cgroup-path', path);
  const bundle = asOptionalString(status['bundle'], 'bundle', path);
  return {
    initPid: asInteger(status['pid'], 'pid', path),
    initStart: start === undefined || start === null ? null : asInteger(start, 'process-start-time', path),
    ...(cgroupPath === undefined ? {} : { cgroupPath }),
    ...(bundle === undefined ? {} : { bundle }),
  };
}
