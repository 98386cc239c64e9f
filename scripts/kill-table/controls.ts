import type { Control } from './control.ts'
import { makingControls } from './making-controls.ts'
import { plantControls } from './plant-controls.ts'

/** The controls that the table switches off, in the order of the way of a request: door, ledger, signatures, sign-in, plant. */
export const controls: readonly Control[] = [
  {
    id: 'permission-check',
    name: 'an operation needs its permission',
    requirements: ['P11-10d', 'SR-2.1'],
    tests: ['apps/server/src/authorisation.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/authorise.ts',
        takes: 'if (scopes !== null && scopes.length === 0) throw permissionMissing(actor, operation)',
        leaves: '',
      },
    ],
  },
  {
    id: 'scope-check',
    name: 'a permission holds at its node and below',
    requirements: ['P11-10d', 'SR-2.1'],
    tests: ['apps/server/src/authorisation.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/authorise.ts',
        takes: 'if (!path.some((each) => scopes.includes(each))) throw outOfScope(actor, doing)',
        leaves: '',
      },
    ],
  },
  {
    id: 'session-check',
    name: 'who has no session is nobody',
    requirements: ['P11-10d', 'SR-2.1'],
    tests: ['apps/server/src/authorisation.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/authorise.ts',
        takes: "  if (actor.kind === 'nobody') {",
        leaves: "  if (actor.origin === 'nowhere') {",
      },
    ],
  },
  {
    id: 'refusal-audit',
    name: 'a refused attempt leaves an entry',
    requirements: ['P11-10d', 'SR-2.8', 'P11-10e-1'],
    tests: ['packages/platform/src/platform.test.ts', 'apps/server/src/authorisation.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/platform.ts',
        takes: 'if (operation.mutates || isDenial(error)) await this.#auditRefusal(actor, operation, input, error)',
        leaves: '',
      },
    ],
  },
  {
    id: 'step-up',
    name: 'a risky operation needs a fresh proof',
    requirements: ['SR-2.1'],
    tests: ['modules/identity/src/step-up/step-up.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/authorise.ts',
        takes: "if (operation.stepUp !== true || actor.kind !== 'person') return",
        leaves: "if (operation.name !== '') return",
      },
    ],
  },
  {
    id: 'door-trigger',
    name: 'a record changes only through the door',
    requirements: ['P11-10e-1'],
    tests: ['packages/platform/src/database/migrate.test.ts'],
    cuts: [{ file: 'packages/platform/src/database/grants.ts', takes: '    await watch(owner, table)\n', leaves: '' }],
  },
  {
    id: 'records-kept',
    name: 'the application deletes nothing that is recorded',
    requirements: ['P11-10c'],
    tests: ['packages/platform/src/database/watch.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/database/grants.ts',
        takes: 'records?.except?.[table] !== undefined || records?.deletable?.includes(table) === true',
        leaves: 'records !== undefined || table !== ""',
      },
    ],
  },
  {
    id: 'append-only-grant',
    name: 'the application adds to the ledger and reads it',
    requirements: ['P11-10c', 'D-12.3', 'SR-3.9'],
    tests: ['packages/platform/src/database/migrate.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/database/grants.ts',
        takes: 'grant select, insert on all tables in schema platform',
        leaves: 'grant all on all tables in schema platform',
      },
    ],
  },
  {
    id: 'entry-in-transaction',
    name: 'an entry commits with its change',
    requirements: ['P11-10e-1', 'P11-10e-2', 'AL-Complete'],
    tests: ['apps/server/src/rebuild.test.ts', 'packages/platform/src/platform.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/work.ts',
        takes: 'Promise.all([this.#changes.take(), writeEvents',
        leaves: 'Promise.all([this.#changes.take().then((all) => all.slice(1)), writeEvents',
      },
    ],
  },
  {
    id: 'secrets-hidden',
    name: 'no secret stands in the trail',
    requirements: ['SR-4.1', 'SR-1.5', 'P11-200a3'],
    tests: ['modules/identity/src/identity.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/input.ts',
        takes: 'if (secrets.length === 0 && signature === undefined) return input',
        leaves: "if (operation.name !== '') return input",
      },
    ],
  },
  {
    id: 'leaf-hash',
    name: 'a leaf is what was sealed',
    requirements: ['P11-10a', 'SR-3.9'],
    tests: ['packages/platform/src/ledger/check.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/ledger/check.ts',
        takes: '  if (sealed === undefined || row.hash.equals(sealed)) return []\n',
        leaves: '  if (place !== null) return []\n',
      },
    ],
  },
  {
    id: 'tree-hash',
    name: 'the tree gives the root of its checkpoint',
    requirements: ['P11-10a', 'SR-3.9'],
    tests: ['packages/platform/src/ledger/check.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/ledger/tree-walk.ts',
        takes: '} else if (!this.#isBroken && !signed.root.equals(this.#frontier.root())) {',
        leaves: '} else if (!this.#isBroken && signed.root.length === 0) {',
      },
    ],
  },
  {
    id: 'witness',
    name: 'a ledger that was set back contradicts its witnesses',
    requirements: ['P11-10a', 'SR-3.9'],
    tests: ['packages/platform/src/ledger/check.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/ledger/check.ts',
        takes: 'this.#findings.push(...(compared ?? []), ...(await this.#lookAtAnchored(trx, tree.size)))',
        leaves: '',
      },
    ],
  },
  {
    id: 'key-chain',
    name: 'a key is introduced by the one before it',
    requirements: ['P11-10a', 'SR-3.9'],
    tests: ['packages/platform/src/ledger/check.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/ledger/check.ts',
        takes:
          'if (earlier !== undefined && !isSignedBy(note, earlier)) this.#findings.push(strangeKey(number, key.at))',
        leaves: '',
      },
    ],
  },
  {
    id: 'signature-fit',
    name: 'a signature is broken when its row and its statement differ',
    requirements: ['P11-70', 'P11-10a'],
    tests: ['modules/identity/src/signature/broken-signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/manifest.ts',
        takes: '  if (sha256(row.manifest) !== row.manifest_hash) return false\n',
        leaves: "  if (row.manifest !== '') return true\n",
      },
    ],
  },
  {
    id: 'signature-shown',
    name: 'a signature is on the version that was shown',
    requirements: ['P11-70'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/door/work.ts',
        takes: '    assertAsShown(record, this.#changes.before(record, head), signing.given.shown)\n',
        leaves: '',
      },
    ],
  },
  {
    id: 'signature-order',
    name: 'signatures come in their order',
    requirements: ['P11-10f'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/rules.ts',
        takes: 'if (meaning !== undefined && next.meaning !== meaning) {',
        leaves: 'if (meaning === undefined && next.meaning !== meaning) {',
      },
    ],
  },
  {
    id: 'second-person',
    name: 'the second person is not the first',
    requirements: ['P11-10g-1'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/rules.ts',
        takes: 'if (steps.some((step) => step.signature?.personId === signer.personId)) {',
        leaves: 'if (steps.length < 0) {',
      },
    ],
  },
  {
    id: 'not-the-author',
    name: 'who changed a record does not sign it',
    requirements: ['P11-10g-1'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/rules.ts',
        takes: 'if (!policy.authorMaySign && authors.has(signer.personId)) {',
        leaves: "if (!policy.authorMaySign && authors.has('')) {",
      },
    ],
  },
  {
    id: 'two-components',
    name: 'the first signing takes both components',
    requirements: ['P11-200a1', 'P11-200a1i'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/rules.ts',
        takes: "if (components === 'secret') return undefined",
        leaves: 'if (components !== undefined) return undefined',
      },
    ],
  },
  {
    id: 'series-gap',
    name: 'a series ends by a gap, another address or another session',
    requirements: ['P11-200a1ii'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/rules.ts',
        takes: 'return series !== undefined && series.origin === origin && now < plusMs(series.lastSignedAt, gapMs)',
        leaves: 'return series !== undefined && (series.origin === origin || now < plusMs(series.lastSignedAt, gapMs))',
      },
    ],
  },
  {
    id: 'own-name',
    name: 'nobody signs as somebody else',
    requirements: ['P11-200a2', 'SR-2.12'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/proof.ts',
        takes: 'if (proof.name !== undefined && proof.name !== person.name) return undefined',
        leaves: '',
      },
    ],
  },
  {
    id: 'signing-lock',
    name: 'failed attempts lock signing',
    requirements: ['P11-300d', 'SR-1.11'],
    tests: ['modules/identity/src/signature/signature.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/signature/proof.ts',
        takes: '    await this.#lock(person, until, actor.origin, now)\n',
        leaves: '',
      },
    ],
  },
  {
    id: 'session-end',
    name: 'a session ends, unused and in all',
    requirements: ['A11-12-1', 'SR-2.5', 'SR-3.8-RE1'],
    tests: ['modules/identity/src/identity.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/session/rules.ts',
        takes: 'return now >= session.absoluteEndAt || now >= plusMs(session.lastUsedAt, idleMsOf(session, limits))',
        leaves: 'return now < 0',
      },
    ],
  },
  {
    id: 'guessing',
    name: 'guessing is slowed down',
    requirements: ['SR-1.11', 'P11-300d'],
    tests: ['modules/identity/src/identity.test.ts', 'modules/identity/src/sign-in/rules.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/sign-in/gate.ts',
        takes: '    if (now < pair.notBefore) {',
        leaves: '    if (now < 0) {',
      },
    ],
  },
  {
    id: 'code-once',
    name: 'a code of the second factor works once',
    requirements: ['SR-1.1-RE2'],
    tests: ['modules/identity/src/totp/totp.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/totp/store.ts',
        takes: ".where('identity.totp_use.last_step', '<', step)",
        leaves: '',
      },
    ],
  },
  {
    id: 'passkey-copy',
    name: 'a passkey whose counter goes back is refused',
    requirements: ['P11-300c'],
    tests: ['modules/identity/src/passkey/passkey.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/passkey/verify.ts',
        takes: 'const wentOn = counter > passkey.counter || (counter === 0 && passkey.counter === 0)',
        leaves: 'const wentOn = counter >= 0',
      },
    ],
  },
  {
    id: 'pin-tries',
    name: 'a PIN is tried five times',
    requirements: ['P11-300d', 'SR-1.11'],
    tests: ['modules/identity/src/badge/badge.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/badge/proof.ts',
        takes: 'isPasswordOf(pin, count === undefined ? null : (kept?.pinHash ?? null), this.#decoy)',
        leaves: 'isPasswordOf(pin, kept?.pinHash ?? null, this.#decoy)',
      },
    ],
  },
  {
    id: 'two-person-account',
    name: 'an account is approved by somebody else',
    requirements: ['P11-100b', 'P11-10g-1'],
    tests: ['modules/identity/src/person/account.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/person/operations.ts',
        takes: '    assertMayApprove(person, invitedBy, uow.actor)\n',
        leaves: '',
      },
    ],
  },
  {
    id: 'own-grants',
    name: 'nobody changes their own roles',
    requirements: ['P11-10g', 'A11-12'],
    tests: ['modules/identity/src/person/account.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/person/operations.ts',
        takes: '    assertNotOwnGrants(person, uow.actor)\n',
        leaves: '',
      },
    ],
  },
  {
    id: 'empty-bind',
    name: 'an empty password is never shown to the directory',
    requirements: ['SR-1.5'],
    tests: ['modules/identity/src/directory/directory.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/directory/directory.ts',
        takes: "    if (password === '') return undefined\n",
        leaves: '',
      },
    ],
  },
  {
    id: 'cross-site',
    name: 'another web site cannot use a session',
    requirements: ['SR-3.8'],
    tests: ['packages/platform/src/http/server.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/http/caller.ts',
        takes: 'const isOurs = isSameSite(headers)',
        leaves: 'const isOurs = headers !== undefined',
      },
    ],
  },
  {
    id: 'stranger-checks-hash',
    name: 'the checker compares each leaf with what was sealed',
    requirements: ['P11-10a'],
    tests: ['apps/verify/src/verify.test.ts'],
    cuts: [
      {
        file: 'apps/verify/src/leaves.ts',
        takes: 'const fits = sameBytes(hash, sealed)',
        leaves: 'const fits = sameBytes(hash, hash)',
      },
    ],
  },
  {
    id: 'stranger-checks-readings',
    name: 'the checker compares the readings with what was sealed of them',
    requirements: ['AS-8.5.2-4'],
    tests: ['apps/verify/src/readings.test.ts'],
    cuts: [
      {
        file: 'apps/verify/src/readings.ts',
        takes: 'if (this.#hashOf(texts) === sealed.sha256) {',
        leaves: 'if (texts.length >= 0) {',
      },
    ],
  },
  {
    id: 'altered-readings-make-no-seal',
    name: 'readings that were altered since are told, and not sealed anew',
    requirements: ['AS-8.5.2-4'],
    tests: ['modules/traceability/src/as-built/proof.test.ts'],
    cuts: [
      {
        file: 'modules/traceability/src/readings/seal.ts',
        takes: 'if (missing > 0) {',
        leaves: 'if (missing > last.samples) {',
      },
    ],
  },
  {
    id: 'conformity-while-open',
    name: 'no certificate of conformity while something is open',
    requirements: ['AS-8.6'],
    tests: ['modules/traceability/src/as-built/proof.test.ts'],
    cuts: [
      {
        file: 'modules/traceability/src/conformity/operations.ts',
        takes: '...new Set(pieces.flatMap(openPoints)),',
        leaves: '',
      },
    ],
  },
  {
    id: 'checkpoint-signature',
    name: 'a checkpoint is signed by the key whose turn it was',
    requirements: ['P11-10a'],
    tests: ['packages/platform/src/ledger/check.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/ledger/tree-walk.ts',
        takes: 'if (signed === undefined || signed.size !== next.size || signed.at !== next.at) {',
        leaves: 'if (signed !== undefined && signed.size < 0) {',
      },
    ],
  },
  ...plantControls,
  ...makingControls,
]
