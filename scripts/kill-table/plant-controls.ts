import type { Control } from './control.ts'

/** The controls of alarms and performance. */
export const plantControls: readonly Control[] = [
  {
    id: 'alarm-table',
    name: 'what the table of alarm states does not list is refused',
    requirements: ['ALM-1'],
    tests: ['modules/alarm/src/alarm/alarm.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/alarm/rules.ts',
        takes: 'const state = nextState(alarm.state, event, { abnormal, latched: alarm.basis.latched })',
        leaves:
          'const state = nextState(alarm.state, event, { abnormal, latched: alarm.basis.latched }) ?? alarm.state',
      },
    ],
  },
  {
    id: 'shelf-limit',
    name: 'an alarm is shelved for as long as its priority permits',
    requirements: ['ALM-2'],
    tests: ['modules/alarm/src/alarm/alarm.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/alarm/rules.ts',
        takes: '  if (forSeconds <= longest) return\n',
        leaves: '  if (forSeconds > 0) return\n',
      },
    ],
  },
  {
    id: 'shelf-reason',
    name: 'an alarm is shelved with a reason',
    requirements: ['ALM-2'],
    tests: ['modules/alarm/src/alarm/alarm.test.ts'],
    cuts: [
      {
        file: 'packages/model/src/alarm/alarm.ts',
        takes: '      .max(7 * 86_400),\n    reason,',
        leaves: '      .max(7 * 86_400),\n    reason: z.string(),',
      },
    ],
  },
  {
    id: 'shelf-end',
    name: 'a shelved alarm comes back by itself',
    requirements: ['ALM-2'],
    tests: ['modules/alarm/src/alarm/alarm.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/alarm/shelf.ts',
        takes: 'if (this.#next === null || this.#next > now) return',
        leaves: 'if (now > 0) return',
      },
    ],
  },
  {
    id: 'hidden-recorded',
    name: 'what a hidden alarm does is recorded',
    requirements: ['ALM-3'],
    tests: ['modules/alarm/src/alarm/alarm.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/alarm/record.ts',
        takes: 'const transitions = this.#steps.map((step) =>',
        leaves: 'const transitions = this.#steps.filter((step) => !isHidden(step.before.state)).map((step) =>',
      },
    ],
  },
  {
    id: 'alarm-signatures',
    name: 'an alarm is released as it was signed',
    requirements: ['ALM-5', 'D-8'],
    tests: ['modules/alarm/src/definition/definition.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/definition/operations.ts',
        takes: "if (draft?.state !== 'draft' || head?.version !== version || head.hash !== hash) return",
        leaves: "if (draft?.state !== 'draft') return",
      },
    ],
  },
  {
    id: 'alarm-deadband',
    name: 'an alarm returns once its value is back by the deadband',
    requirements: ['ALM-5'],
    tests: ['modules/alarm/src/condition/evaluation.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/condition/judge.ts',
        takes: 'value > (standing ? limit - deadband : limit)',
        leaves: 'value > limit',
      },
    ],
  },
  {
    id: 'alarm-unknown',
    name: 'a bad signal makes an alarm unknown',
    requirements: ['ALM-9'],
    tests: ['modules/alarm/src/condition/evaluation.test.ts', 'modules/alarm/src/alarm/alarm.test.ts'],
    cuts: [
      {
        file: 'modules/alarm/src/condition/evaluation.ts',
        takes: "this.#know(at, verdict.is === 'unknown' ? null : memory.standing)",
        leaves: 'this.#know(at, memory.standing)',
      },
    ],
  },
  {
    id: 'state-unknown',
    name: 'a machine whose signal is bad is in no known state',
    requirements: ['KPI-1'],
    tests: ['modules/performance/src/state/state.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/state/rules.ts',
        takes: "  if (value === null) return unknown('bad quality')\n  const told",
        leaves: "  if (value === null) return { state: 'idle', label: 'bad quality' }\n  const told",
      },
    ],
  },
  {
    id: 'no-data-never-idle',
    name: 'time that nobody told of is unknown',
    requirements: ['KPI-1'],
    tests: ['modules/performance/src/time-model/cells.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/time-model/times.ts',
        takes: "      return 'unknown'\n",
        leaves: "      return 'adet'\n",
      },
    ],
  },
  {
    id: 'stop-version',
    name: 'nobody overwrites unseen what another said of a stop',
    requirements: ['KPI-3'],
    tests: ['modules/performance/src/stop/stop.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/stop/rules.ts',
        takes: '  if (stop.version === version) return\n',
        leaves: '  if (version > 0) return\n',
      },
    ],
  },
  {
    id: 'stop-explained-once',
    name: 'who explains a stop does not change its reason',
    requirements: ['P11-10g'],
    tests: ['modules/performance/src/stop/stop.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/stop/operations.ts',
        takes: '    assertUnexplained(stop, stop.reasonId === null ? null : await getReason(uow.trx, stop.reasonId))\n',
        leaves: '',
      },
    ],
  },
  {
    id: 'old-count',
    name: 'a corrected count stays readable',
    requirements: ['KPI-3', 'AL-O-1'],
    tests: ['modules/performance/src/count-entry/count-entry.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/count-entry/operations.ts',
        takes: 'return includeReplaced ? entries : entries.filter((entry) => entry.replacedAt === null)',
        leaves: 'return entries.filter((entry) => entry.replacedAt === null)',
      },
    ],
  },
  {
    id: 'old-result',
    name: 'a restated result keeps its old version',
    requirements: ['KPI-3'],
    tests: ['modules/performance/src/shift-result/shift-result.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/shift-result/operations.ts',
        takes: 'return versions.filter((result) => !onlyRestated || restated.has(shiftKey(result))).map(toShiftResult)',
        leaves: 'return [...new Map(versions.map((result) => [shiftKey(result), result])).values()].map(toShiftResult)',
      },
    ],
  },
  {
    id: 'kpi-base',
    name: 'a KPI without a base has no value',
    requirements: ['KPI-4'],
    tests: ['modules/performance/src/kpi/kpis.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/kpi/quotient.ts',
        takes: '  if (base === 0) return { value: null, note: noBase }\n',
        leaves: '  if (base === 0) return { value: 0, note: noBase }\n',
      },
    ],
  },
  {
    id: 'narrowed-list',
    name: 'a list tells nothing of another site',
    requirements: ['SR-4.1'],
    tests: ['modules/performance/src/testing/settings.test.ts'],
    cuts: [
      {
        file: 'modules/performance/src/calendar/operations.ts',
        takes: '.filter(({ nodeId }) => concerns(nodes, nodeId, uow.scopes))',
        leaves: '',
      },
    ],
  },
]
