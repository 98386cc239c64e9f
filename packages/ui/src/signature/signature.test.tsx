import type { Id, Instant } from '@throughline/kernel'
import type { Signature } from '@throughline/model'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { SignatureBlock } from './SignatureBlock.tsx'
import { missingEntries, signedTimeText } from './signature-words.ts'

const signature: Signature = {
  id: '0199f2b0-0000-7000-8000-000000000001' as Id<'Signature'>,
  record: { kind: 'equipment.class_version', id: 'c1' },
  version: 3,
  recordHash: '1a2b3c4d5e6f'.padEnd(64, '0'),
  meaning: 'approved',
  reason: 'It fits the pump',
  personId: '0199f2b0-0000-7000-8000-000000000002' as Id<'Person'>,
  printedName: 'Ada Lovelace',
  signedAt: 1 as Instant,
  localTime: '2026-11-22T21:05:03+01:00',
  components: 'name and password',
  manifestHash: '0'.repeat(64),
  state: 'valid',
  stateReason: null,
}

const steps = [
  { meaning: 'approved' as const, state: 'signed' as const, signature },
  { meaning: 'released' as const, state: 'next' as const, signature: null },
]

test('[P11-50a, P11-50b] a signature on screen says printed name, meaning, date and time with offset, and reason', () => {
  const html = renderToStaticMarkup(<SignatureBlock steps={steps} signatures={[signature]} />)
  for (const words of ['Ada Lovelace', 'Approved', '22 Nov 2026 21:05:03 UTC+01:00', 'It fits the pump']) {
    expect(html).toContain(words)
  }
})

test('a signature that is missing stands as an open line', () => {
  const html = renderToStaticMarkup(<SignatureBlock steps={steps} signatures={[signature]} />)
  expect(html).toContain('Released')
  expect(html).toContain('Not signed yet: next to sign')
})

test('[A11-14, P11-70] a signature that a change made void is struck through, and says why', () => {
  const stateReason = 'Grace changed the record afterwards, on 23 Nov 2026 08:00:00 UTC+01:00'
  const voided = { ...signature, state: 'void' as const, stateReason }
  const html = renderToStaticMarkup(<SignatureBlock steps={[]} signatures={[voided]} />)
  expect(html).toContain('<s>Ada Lovelace</s>')
  expect(html).toContain(`<strong>Void.</strong> ${stateReason}`)
})

test('[P11-70] a signature that was altered says so', () => {
  const broken = { ...signature, state: 'broken' as const, stateReason: 'It was altered past the product' }
  const html = renderToStaticMarkup(<SignatureBlock steps={[]} signatures={[broken]} />)
  expect(html).toContain('<strong>Broken.</strong> It was altered past the product')
})

test('[A11-14-1] the local time is shown as it was written, whatever zone the reader is in', () => {
  expect(signedTimeText('2026-10-25T02:30:00+02:00')).toBe('25 Oct 2026 02:30:00 UTC+02:00')
  expect(signedTimeText('2026-10-25T02:30:00+01:00')).toBe('25 Oct 2026 02:30:00 UTC+01:00')
  expect(signedTimeText('no time')).toBe('no time')
})

test.each([
  [{ method: 'password' as const }, 'both' as const, ['reason', 'name', 'secret']],
  [{ method: 'password' as const, reason: 'all good', name: 'ada' }, 'both' as const, ['secret']],
  [{ method: 'password' as const, reason: 'all good', secret: 'x' }, 'secret' as const, []],
  [{ method: 'badge' as const, reason: 'all good' }, 'both' as const, ['badge', 'secret']],
  [{ method: 'passkey' as const, reason: 'ok ' }, 'both' as const, ['reason']],
])('[P11-200a1] with %o and %s needed, what is missing is %o', (given, components, missing) => {
  const empty = { reason: '', method: 'password' as const, name: '', secret: '', badge: '' }
  expect(Object.keys(missingEntries({ ...empty, ...given }, components))).toEqual(missing)
})
