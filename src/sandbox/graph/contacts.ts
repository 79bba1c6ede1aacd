import { ok } from './answer.ts';
import { countObjects, listObjects, showObject } from './collection.ts';
import { findObject } from './find.ts';
import { permissions } from './permissions.ts';
import type { Route } from './route.ts';

const listing = { kinds: ['contact'], typed: false, set: 'contacts' } as const;

/** Mail contacts come from a sync service or from Exchange: Graph has no end point to write one. */
export const contactRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/contacts',
    permissions: permissions.contactRead,
    handle: (request, _parameters, context) => listObjects(request, context, listing),
  },
  {
    method: 'GET',
    path: '/contacts/$count',
    permissions: permissions.contactRead,
    handle: (request, _parameters, context) => countObjects(request, context, listing),
  },
  {
    method: 'GET',
    path: '/contacts/{key}',
    permissions: permissions.contactRead,
    handle: (request, { keys: [key = ''] }, context) =>
      ok(showObject(request, context, findObject(context, ['contact'], key))),
  },
];
