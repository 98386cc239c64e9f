import type { Order } from '@throughline/model'
import { completeRun, startRun } from '@throughline/model'
import type { StartedExecution } from './start-execution.ts'

/** Starts and completes whatever of an order is ready, each operation where it may be done first, until nothing is. */
export async function workAll(
  { platform, anybody, runsOf, again, node }: StartedExecution,
  order: Order,
): Promise<Order> {
  for (;;) {
    const run = (await runsOf(order)).find(({ state, orderId }) => state === 'ready' && orderId === order.id)
    if (run === undefined) return again(order)
    const nodeId = run.candidates[0] ?? node('Aurora/AERO/Bench')
    const { id: runId, version } = await platform.run(startRun, anybody, { runId: run.id, nodeId })
    await platform.run(completeRun, anybody, { runId, version })
  }
}
