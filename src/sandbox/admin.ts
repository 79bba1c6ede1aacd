import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { CloudSyncError } from '../model/index.ts';
import type { SandboxControls } from './controls.ts';
import { directoryKinds, type PropertyValue } from './directory/index.ts';
import { type HttpAnswer, type HttpRequest, header, jsonAnswer } from './http.ts';
import { parseChange } from './profile.ts';

/**
 * Drives a sandbox from outside its process, under `/sandbox`: faults, clock, counters, objects that no service of the
 * tenant writes. Only from this machine, and only with the secret of `sandbox.json`.
 */
export interface AdminContext {
  readonly secret: string;
  readonly controls: SandboxControls;
}

const propertyValue: z.ZodType<PropertyValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(propertyValue),
    z.record(z.string(), propertyValue.nullable()),
  ]),
);
const clockBody = z.strictObject({ advanceSeconds: z.number().min(0) });
const applicationBody = z.strictObject({ displayName: z.string().min(1), roles: z.array(z.string()) });
const roleBody = z.strictObject({ role: z.string(), member: z.string() });
const objectBody = z.strictObject({
  kind: z.enum(directoryKinds),
  properties: z.record(z.string(), propertyValue),
  mastery: z.enum(['cloud', 'synced', 'formerlySynced', 'transferred']).default('cloud'),
});

export function isAdminPath(path: string): boolean {
  return /^\/sandbox(\/|$)/i.test(path);
}

export function answerAdmin(
  { secret, controls }: AdminContext,
  request: HttpRequest,
  remoteAddress: string,
): HttpAnswer {
  if (!isLoopback(remoteAddress)) return problem(403, 'The sandbox is driven from its own machine only.');
  if (!isAuthorized(request, secret)) return problem(401, 'Send the admin secret of sandbox.json as a bearer token.');
  const route = `${request.method} ${request.path.toLowerCase().replace(/\/$/, '')}`;
  try {
    switch (route) {
      case 'GET /sandbox':
        return jsonAnswer(200, {
          tenantId: controls.tenantId,
          now: controls.clock.iso(),
          counters: controls.counters,
          profile: controls.profile(),
        });
      case 'PATCH /sandbox/profile':
        controls.changeProfile(parseChange(bodyOf(request)));
        return jsonAnswer(200, controls.profile());
      case 'POST /sandbox/clock':
        controls.clock.advance(clockBody.parse(bodyOf(request)).advanceSeconds * 1000);
        return jsonAnswer(200, { now: controls.clock.iso() });
      case 'POST /sandbox/delta-tokens/lose':
        controls.loseDeltaTokens();
        return jsonAnswer(200, {});
      case 'POST /sandbox/applications': {
        const { displayName, roles } = applicationBody.parse(bodyOf(request));
        return jsonAnswer(201, controls.addApplication(displayName, roles));
      }
      case 'POST /sandbox/directory-roles': {
        const { role, member } = roleBody.parse(bodyOf(request));
        controls.grantDirectoryRole(role, member);
        return jsonAnswer(200, {});
      }
      case 'POST /sandbox/objects': {
        const { kind, properties, mastery } = objectBody.parse(bodyOf(request));
        const { id } = controls.directory.transact((writer) => writer.create(kind, properties, { mastery }));
        return jsonAnswer(201, { id });
      }
      default:
        return problem(404, `There is no ${route}.`);
    }
  } catch (error) {
    if (error instanceof z.ZodError) return problem(400, z.prettifyError(error));
    if (error instanceof CloudSyncError) return problem(400, error.message);
    if (error instanceof SyntaxError) return problem(400, 'The body is not JSON.');
    throw error;
  }
}

function bodyOf(request: HttpRequest): unknown {
  return JSON.parse(request.body);
}

function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(address);
}

function isAuthorized(request: HttpRequest, secret: string): boolean {
  const [, token = ''] = /^bearer\s+(\S+)$/i.exec(header(request.headers, 'authorization') ?? '') ?? [];
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(secret));
}

function problem(status: number, message: string): HttpAnswer {
  return jsonAnswer(status, { error: { code: 'Sandbox', message } });
}
