import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '@throughline/kernel'
import type { Engine } from './engine.ts'
import { startEngine } from './engine.ts'
import type { Order, Report, WorkerSettings } from './protocol.ts'
import type { BrokerRights } from './rights.ts'

/** Entry of the broker's worker thread: one engine, driven by messages. */

if (!parentPort) throw new Error('worker.ts runs as a worker thread only')
const port = parentPort
const answerTimeoutMs = 10_000

const tell = (report: Report): void => port.postMessage(report)
const waiting = new Map<number, (answer: BrokerRights | null | Error) => void>()
let lastRequest = 0

function askRights(username: string, password: string, clientId: string): Promise<BrokerRights | null> {
  lastRequest += 1
  const request = lastRequest
  return new Promise((resolve, reject) => {
    const settle = (answer: BrokerRights | null | Error): void => {
      clearTimeout(timer)
      waiting.delete(request)
      if (answer instanceof Error) reject(answer)
      else resolve(answer)
    }
    const timer = setTimeout(() => settle(new Error('no answer about the account in time')), answerTimeoutMs)
    waiting.set(request, settle)
    tell({ type: 'authenticate', request, username, password, clientId })
  })
}

async function obey(engine: Engine, order: Order): Promise<void> {
  switch (order.type) {
    case 'rights':
      waiting.get(order.request)?.(order.failed ? new Error('the account could not be looked up') : order.rights)
      return
    case 'kick':
      tell({ type: 'kicked', request: order.request, count: engine.kick(order.username) })
      return
    case 'close':
      await engine.close()
      tell({ type: 'closed' })
      port.close()
  }
}

try {
  const engine = await startEngine(workerData as WorkerSettings, askRights, (cause, example) =>
    tell({ type: 'fault', cause, example }),
  )
  port.on('message', (order: Order) => void obey(engine, order))
  tell({ type: 'listening', port: engine.port })
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  tell({ type: 'failed', code, message: messageOf(error) })
}
