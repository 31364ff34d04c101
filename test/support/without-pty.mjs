// For `node --import`: as on a host where the optional packages of the shell pane are not installed.
import { register } from 'node:module';

const hooks = `export async function resolve(name, context, next) {
  if (/^@(lydell|xterm)\\//.test(name)) throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
