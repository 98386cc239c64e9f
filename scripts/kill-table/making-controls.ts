import type { Control } from './control.ts'

/** The controls of making: orders, work, material, what departed, and what was made of what. */
export const makingControls: readonly Control[] = [
  {
    id: 'job-states',
    name: 'an order is worked on, held and cancelled in the states that permit it',
    requirements: ['JOB-1'],
    tests: ['modules/execution/src/execution.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/order/rules.ts',
        takes: '  if (allowed.includes(order.state)) return\n',
        leaves: '  if (allowed.length > 0) return\n',
      },
    ],
  },
  {
    id: 'step-order',
    name: 'a step waits for those before it',
    requirements: ['P11-10f-1', 'AS-8.5.1-1'],
    tests: ['modules/execution/src/step-entry/rules.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/step-entry/sequence.ts',
        takes: '  if (open.length > 0) {\n',
        leaves: '  if (open.length > 1000) {\n',
      },
    ],
  },
  {
    id: 'second-person-waited-for',
    name: 'a step that a second person has to confirm is not done before',
    requirements: ['211.101d', 'A11-6', 'P11-10f-1'],
    tests: ['modules/execution/src/execution.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/step-entry/sequence.ts',
        takes:
          "  return cell.step.secondPerson && answers.some(({ verified }) => verified === null) ? 'unverified' : 'done'\n",
        leaves: "  return 'done'\n",
      },
    ],
  },
  {
    id: 'second-person-of-entry',
    name: 'nobody confirms what they entered',
    requirements: ['211.101d', 'A11-6'],
    tests: ['modules/execution/src/execution.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/step-entry/operations.ts',
        takes: '  if (by.id === personId) refuse(',
        leaves: "  if (by.id === '') refuse(",
      },
    ],
  },
  {
    id: 'step-limit',
    name: 'an answer that is not taken is refused',
    requirements: ['AS-8.1.3', '211.68b'],
    tests: ['modules/execution/src/execution.test.ts', 'modules/execution/src/step-entry/step-entry.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/step-entry/judge.ts',
        takes: '  if (within !== false) return\n',
        leaves: "  if (within !== false || step.onBreach === 'refuse') return\n",
      },
    ],
  },
  {
    id: 'step-skill',
    name: 'a step that asks for a skill asks it of whoever does it',
    requirements: ['P11-10i'],
    tests: ['modules/execution/src/execution.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/step-entry/record.ts',
        takes: '  const skills = skill === null ? [] : [skill]\n',
        leaves: '  const skills: string[] = skill === null ? [] : []\n',
      },
    ],
  },
  {
    id: 'qualification-version',
    name: 'a qualification for one version holds for that version',
    requirements: ['P11-10i', 'AS-8.5.1.1'],
    tests: ['modules/execution/src/gate/rules.test.ts', 'modules/execution/src/execution.test.ts'],
    cuts: [
      {
        file: 'modules/identity/src/qualification/rules.ts',
        takes: "  if (by.onlyFor !== null && by.onlyFor !== forWhat) return { state: 'elsewhere', by }\n",
        leaves: '',
      },
    ],
  },
  {
    id: 'program-hash',
    name: 'a machine works with the released program',
    requirements: ['AS-8.5.1c'],
    tests: ['modules/execution/src/gate/gate.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/gate/rules.ts',
        takes: "return loaded.sha256 === wanted.sha256 ? 'same' : 'other'",
        leaves: "return loaded.name === wanted.name ? 'same' : 'other'",
      },
    ],
  },
  {
    id: 'never-overridden',
    name: 'what nobody may answer for stays closed',
    requirements: ['SR-2.1-RE3', 'EXE-3'],
    tests: ['modules/execution/src/gate/gate.test.ts', 'modules/execution/src/gate/rules.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/gate/rules.ts',
        takes: 'export const isOverridable = (kind: GateKind): boolean => !neverOverridden.has(kind)',
        leaves:
          'export const isOverridable = (kind: GateKind): boolean => kind !== undefined || neverOverridden.has(kind)',
      },
    ],
  },
  {
    id: 'override-subject',
    name: 'an override opens its own subject',
    requirements: ['EXE-3'],
    tests: ['modules/execution/src/gate/rules.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/gate/rules.ts',
        takes: '  overrides.find((each) => each.kind === kind && sameSubject(each.subject, subject))',
        leaves: '  overrides.find((each) => each.kind === kind && subject !== undefined)',
      },
    ],
  },
  {
    id: 'calibration',
    name: 'a gauge out of calibration is not used',
    requirements: ['P11-10h-1', 'AS-7.1.5.2'],
    tests: ['modules/execution/src/step-entry/step-entry.test.ts', 'modules/material/src/weighing/weighing.test.ts'],
    cuts: [
      {
        file: 'modules/equipment/src/asset/rules.ts',
        takes: '  if (!asset.needsCalibration) return undefined\n',
        leaves: "  if (asset.code !== '') return undefined\n",
      },
    ],
  },
  {
    id: 'calibration-then',
    name: 'what was measured stands with the calibration of that time',
    requirements: ['AL-Ac'],
    tests: ['modules/traceability/src/as-built/rules.test.ts'],
    cuts: [
      {
        file: 'modules/traceability/src/as-built/rules.ts',
        takes: '  const calibration = byTime.findLast((each) => each.at <= at) ?? null\n',
        leaves: '  const calibration = byTime.at(-1) ?? null\n',
      },
    ],
  },
  {
    id: 'deviation-holds',
    name: 'a lot with an open deviation is not made available',
    requirements: ['211.192', 'AS-8.7-1'],
    tests: ['modules/material/src/genealogy/genealogy.test.ts'],
    cuts: [
      {
        file: 'modules/material/src/lot/rules.ts',
        takes: "  if (next === 'available') assertNoDeviation(lot, 'made available')\n",
        leaves: '',
      },
    ],
  },
  {
    id: 'weighing-person',
    name: 'who weighed does not confirm',
    requirements: ['A11-6', '211.101d-1'],
    tests: ['modules/material/src/weighing/weighing.test.ts'],
    cuts: [
      {
        file: 'modules/material/src/weighing/rules.ts',
        takes: '  if (weighing.weighedById !== personId) return\n',
        leaves: "  if (personId !== '') return\n",
      },
    ],
  },
  {
    id: 'weighing-tolerance',
    name: 'a weighing outside its tolerance is refused',
    requirements: ['211.68b', '211.101d-1'],
    tests: ['modules/material/src/weighing/weighing.test.ts'],
    cuts: [
      {
        file: 'modules/material/src/weighing/rules.ts',
        takes: '  if (compare(net, least) >= 0 && compare(net, most) <= 0) return net\n',
        leaves: '  if (compare(net, least) >= 0) return net\n',
      },
    ],
  },
  {
    id: 'one-unit',
    name: 'a line of a bill of material is in the unit of its material',
    requirements: ['UOM-1'],
    tests: ['modules/material/src/bom/rules.test.ts'],
    cuts: [
      {
        file: 'modules/material/src/bom/rules.ts',
        takes: '    ...others.map((code) =>',
        leaves: '    ...others.slice(0, 0).map((code) =>',
      },
    ],
  },
  {
    id: 'unaccounted',
    name: 'stock that no movement explains is told',
    requirements: ['KPI-5', 'MAT-1'],
    tests: ['modules/material/src/movement/rules.test.ts'],
    cuts: [
      {
        file: 'modules/material/src/movement/rules.ts',
        takes: '  const unaccounted = subtract(subtract(given, gone), lot.quantity)\n',
        leaves: '  const unaccounted = subtract(lot.quantity, lot.quantity)\n',
      },
    ],
  },
  {
    id: 'scrap-in-stock',
    name: 'what an order reports as scrap is rejected in stock',
    requirements: ['KPI-5'],
    tests: ['modules/execution/src/run/random.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/run/report.ts',
        takes: 'lotId: piece.id, quantity: isWhole ? null : entry.quantity, reason })',
        leaves: 'lotId: piece.id, quantity: null, reason })',
      },
    ],
  },
  {
    id: 'device-chain',
    name: 'what a station made offline goes on where its chain ends',
    requirements: ['EXE-7', 'A11-16'],
    tests: ['modules/execution/src/device/device.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/device/chain.ts',
        takes: "    if (entry.previous !== last.hash) throw broken(sequence, 'does not follow the entry before it')\n",
        leaves: '',
      },
    ],
  },
  {
    id: 'released-version',
    name: 'an order is released by what is in force',
    requirements: ['211.186'],
    tests: ['modules/execution/src/order/order.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/order/release.ts',
        takes: "{ product: order.product, state: 'effective' }",
        leaves: '{ product: order.product }',
      },
    ],
  },
  {
    id: 'changed-mark',
    name: 'a printed record marks what was changed',
    requirements: ['A11-8.2'],
    tests: ['packages/platform/src/ledger/document/record-document.test.ts'],
    cuts: [
      {
        file: 'packages/platform/src/ledger/document/marked-rows.ts',
        takes: '    marks.set(column, [...others, { field, version, before: difference.before }])',
        leaves: '    marks.set(column, others)',
      },
    ],
  },
  {
    id: 'replaced-kept',
    name: 'an entry that was corrected stays in the record',
    requirements: ['AL-Complete-1', 'AS-8.5.1-3'],
    tests: ['modules/execution/src/execution.test.ts', 'modules/execution/src/step-entry/step-entry.test.ts'],
    cuts: [
      {
        file: 'modules/execution/src/run/operations.ts',
        takes: '      entries: await steps.entriesOf(uow, runId),\n',
        leaves: '      entries: (await steps.entriesOf(uow, runId)).filter(({ replacedAt }) => replacedAt === null),\n',
      },
    ],
  },
  {
    id: 'thread-window',
    name: 'of equipment, people and tools only the window is walked',
    requirements: ['AS-8.5.2', 'AL-Traceable', '211.192'],
    tests: ['modules/traceability/src/genealogy/genealogy.test.ts'],
    cuts: [
      {
        file: 'modules/traceability/src/genealogy/store.ts',
        takes: '    window === undefined\n      ? sql``\n',
        leaves: '    window !== null\n      ? sql``\n',
      },
    ],
  },
  {
    id: 'mtconnect-gap',
    name: 'a buffer that turned over is a gap',
    requirements: ['MTC-1'],
    tests: ['drivers/mtconnect/src/follower.test.ts'],
    cuts: [
      {
        file: 'drivers/mtconnect/src/follower.ts',
        takes: "    this.#listener.fault(isRenewed ? 'instance-changed' : 'sequence-gap', messageOf(error))\n",
        leaves: '',
      },
    ],
  },
]
