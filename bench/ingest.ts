import type { Instant } from '@throughline/kernel'
import { fromMs, plusMs } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { encodeSampleBatch, SampleAcknowledgement, wireTopics } from '@throughline/model'
import mqtt from 'mqtt'
import { benchModel, startPlantUnderTest } from './plant-under-test.ts'

const tags = { nodes: 20, perNode: 50 }
const batchSize = 1000
const batches = 3000
const inFlight = 16

/**
 * Values a second from the broker's socket to committed in the historian: a real agent's batches over MQTT, counted
 * when the server acknowledges their commit. CPU and memory are the server's own, PostgreSQL's apart.
 */
export async function ingest(): Promise<{ valuesPerSecond: number; cpuSeconds: number; rssPeakMb: number }> {
  const connection = {
    name: 'bench',
    agent: 'edge-1',
    driver: 'opcua',
    endpoint: 'opc.tcp://127.0.0.1:1',
    options: {},
  } as const
  const plant = await startPlantUnderTest(benchModel(tags.nodes, tags.perNode, connection))
  console.error(`plant is up with ${plant.tagIds.length} tags; sending ${batches} batches of ${batchSize}`)
  const client = await mqtt.connectAsync(plant.mqttUrl, { username: 'edge-1', password: plant.agentKey })
  await client.subscribeAsync(wireTopics.acknowledgement('edge-1'), { qos: 1 })
  const messages = makeBatches(plant.tagIds)

  const before = await plant.usage()
  const began = performance.now()
  await new Promise<void>((resolve, reject) => {
    let sent = 0
    let committed = 0
    const send = (): void => {
      while (sent < batches && sent - committed < inFlight) {
        const message = messages[sent]
        if (message === undefined) return
        sent += 1
        client.publish(wireTopics.samples('edge-1'), Buffer.from(message), { qos: 1 })
      }
    }
    client.on('message', (_topic, payload) => {
      committed = SampleAcknowledgement.parse(JSON.parse(payload.toString())).sequence
      if (committed >= batches) resolve()
      else send()
    })
    client.on('error', reject)
    send()
  })
  const seconds = (performance.now() - began) / 1000
  const after = await plant.usage()
  await client.endAsync()
  await plant.stop()
  return {
    valuesPerSecond: Math.round((batches * batchSize) / seconds),
    cpuSeconds: Number((after.cpuSeconds - before.cpuSeconds).toFixed(2)),
    rssPeakMb: after.rssPeakMb,
  }
}

/** Every tag changes in turn, ten times a second of source time. */
function makeBatches(tagIds: readonly string[]): Uint8Array[] {
  const start = plusMs(fromMs(Date.now()), (-batches * batchSize * 100) / tagIds.length)
  let at: Instant = start
  let count = 0
  return Array.from({ length: batches }, (_, index) => {
    const samples: Sample[] = []
    for (let row = 0; row < batchSize; row++) {
      const tag = tagIds[count % tagIds.length]
      if (tag === undefined) throw new Error('the plant has no tags')
      if (count % tagIds.length === 0) at = plusMs(at, 100)
      samples.push({ tag, at, serverAt: at, value: Math.sin(count / 5000) * 100, status: 0 })
      count += 1
    }
    return encodeSampleBatch('edge-1/bench', index + 1, samples)
  })
}
