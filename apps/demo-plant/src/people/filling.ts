import { hour, minute } from '../model/dynamics.ts'
import { cycleMs, storyEvents } from '../plant/story.ts'
import type { Deed, Errand, Work } from './deed.ts'

const filling = 'aurora/bio/fill-finish/filling'
const fillProduct = 'VIALS-10'
const rangesADay = 5
const vials = 2000
/** What is kept of each range as samples. */
const kept = 100

/**
 * A day at the filling line: bulk comes, ranges of vials are filled from it one after the other, and each is packed.
 *
 * @param storyMidnightMs from which the days of the story count
 */
export function planFilling(dayNumber: number, midnightMs: number, storyMidnightMs: number): Errand[] {
  const number = `4${String(dayNumber).padStart(4, '0')}`
  const bulk = `DS-${number}`
  const ranges = Array.from({ length: rangesADay }, (_, index) =>
    planRange(`${number}${index + 1}`, bulk, index, midnightMs),
  )
  const received: Deed = {
    ...{ atMs: midnightMs + 7.5 * hour, who: 'bio-filler' },
    act: {
      ...{ kind: 'receive', lot: bulk, material: 'DS-BULK', quantity: '12000', node: filling, place: 'cold room' },
      ...{ supplierLot: `B-${number}`, certificate: `CoA-${bulk}`, outForSeconds: 0 },
    },
    truth: [{ type: 'lot', code: bulk, material: 'DS-BULK' }],
  }
  return [{ code: `FILL-${number}`, deeds: [received, ...afterParticles(midnightMs, storyMidnightMs)] }, ...ranges]
}

function planRange(number: string, bulk: string, index: number, midnightMs: number): Errand {
  const [order, range, carton] = [`FO-${number}`, `VR-${number}`, `CT-${number}`]
  const begin = midnightMs + 8.5 * hour + index * 40 * minute
  const work: Work = { order, sequence: 10, pieces: [] }
  const note = { reason: '', perPiece: false, ...work }
  const deed = (minutes: number, who: string, act: Deed['act'], truth: Deed['truth'] = []): Deed => ({
    ...{ atMs: begin + minutes * minute, who, act, truth },
  })
  const deeds = [
    deed(-30, 'bio-supervisor', { kind: 'order', order, site: 'aurora/bio', product: fillProduct, quantity: vials }),
    deed(-29, 'bio-supervisor', { kind: 'release', order, pieces: [range] }, [
      { type: 'lot', code: range, material: fillProduct, order },
    ]),
    deed(0, 'bio-filler', { kind: 'start', node: filling, tools: [], ...work }, [{ type: 'filling', lot: range }]),
    deed(1, 'bio-filler', { kind: 'record', step: 'clear', value: { type: 'check', done: true }, ...note }),
    deed(2, 'bio-filler', { kind: 'record', step: 'bulk', value: { type: 'scan', code: bulk }, ...note }, [
      { type: 'edge', kind: 'built-into', from: bulk, to: range },
    ]),
    deed(20, 'bio-filler', { kind: 'complete', ...work }, [{ type: 'filled', lot: range }]),
    deed(
      60,
      'bio-filler',
      {
        ...{ kind: 'transform', lot: range, quantity: String(vials - kept), made: String(vials - kept) },
        ...{ material: 'VIALS-10-PACK', into: carton },
      },
      [
        { type: 'lot', code: carton, material: 'VIALS-10-PACK' },
        { type: 'edge', kind: 'transformed-into', from: range, to: carton },
      ],
    ),
    deed(70, 'bio-supervisor', { kind: 'close', order }),
  ]
  return { code: order, deeds }
}

/** E15: too many particles while vials were filled. At the end of the shift quality finds the ranges by the genealogy. */
function afterParticles(midnightMs: number, storyMidnightMs: number): Deed[] {
  const event = storyEvents.find(({ id }) => id === 'E15')
  const offset = (midnightMs - storyMidnightMs) % cycleMs
  if (event === undefined || event.startMs < offset || event.startMs >= offset + 24 * hour) return []
  const fromMs = midnightMs + event.startMs - offset
  const reason = 'Too many particles in the filling zone while these vials were filled'
  const act = { kind: 'quarantine', node: filling, fromMs, toMs: fromMs + event.lastsMs, reason } as const
  return [
    {
      atMs: midnightMs + 16 * hour,
      who: 'bio-quality',
      act,
      truth: [{ type: 'quarantine', story: 'E15', ...windowOf(act) }],
    },
  ]
}

const windowOf = ({ fromMs: from, toMs: to }: { readonly fromMs: number; readonly toMs: number }) => ({ from, to })
