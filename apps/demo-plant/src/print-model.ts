import { join } from 'node:path'
import { readConfig } from './config.ts'
import { plantModel } from './plant/plant-model.ts'

/** The edge agent that dials the plant; its key opens the broker for its Sparkplug host application too. */
const agent = 'edge-1'

const { home, opcUaPort, modbusPort, mqttUrl } = readConfig()
const model = plantModel({
  agent,
  opcUa: `opc.tcp://127.0.0.1:${opcUaPort}`,
  modbus: `tcp://127.0.0.1:${modbusPort}`,
  sparkplug: mqttUrl,
  sparkplugOptions: { hostId: agent, username: agent, passwordFile: join(home, 'keys', `${agent}.key`) },
})
// JSON is YAML too: the equipment module reads it as it is.
process.stdout.write(`${JSON.stringify(model, undefined, 2)}\n`)
