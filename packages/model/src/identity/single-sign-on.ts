import { z } from 'zod'
import { operation } from '../operation.ts'
import { CurrentSession } from './session.ts'

/** The short name of a provider, part of its addresses. */
export const ProviderName = z
  .string()
  .max(40)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and "-"')

/** A path of the plant's own pages. Anything else after a sign-in would lead people to whom a fraudster wants. */
const ownPath = z
  .string()
  .max(2000)
  .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, 'must be a path of this plant, such as /trend')

/** Somebody else who can say who a person is, and whom this plant believes. */
const SignInProvider = z.object({
  name: ProviderName,
  /** What the button says: `Company account`. */
  label: z.string(),
  /** Where a browser goes to sign in. */
  path: z.string(),
})

export const listSignInProviders = operation({
  name: 'identity.single-sign-on.list',
  summary: 'List the providers of single sign-on, as configured',
  permission: 'anyone',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(SignInProvider),
})

/** For the route that sends the browser away; what is `browser` becomes a cookie, so that only this browser can come back. */
export const beginSingleSignOn = operation({
  name: 'identity.single-sign-on.begin',
  summary: 'Begin to sign in at a provider',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({ provider: ProviderName, baseUrl: z.url(), to: ownPath.optional() }),
  output: z.object({ address: z.url(), browser: z.string(), maxAgeSeconds: z.int() }),
})

/** `search` is the query with which the provider sent the browser back; it holds the code and the state. */
export const completeSingleSignOn = operation({
  name: 'identity.single-sign-on.complete',
  summary: 'Sign in with what a provider says',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  secrets: ['search', 'browser'],
  input: z.object({ provider: ProviderName, search: z.string().min(2).max(12_000), browser: z.string().max(200) }),
  output: z.object({ session: CurrentSession, to: z.string() }),
})

/** OpenID Connect Back-Channel Logout 1.0: the provider itself calls, without any browser. */
export const endSessionsByProvider = operation({
  name: 'identity.single-sign-on.end-sessions',
  summary: 'End the sessions that a provider says are over',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  secrets: ['logoutToken'],
  input: z.object({ provider: ProviderName, logoutToken: z.string().min(2).max(12_000) }),
  output: z.object({ ended: z.int() }),
})

export const getProviderLogout = operation({
  name: 'identity.single-sign-on.get-logout',
  summary: 'Tell where the own session is signed out of its provider too',
  permission: 'signed-in',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.object({ address: z.url().nullable() }),
})
