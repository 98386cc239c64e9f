import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemClock, toMs } from '@throughline/kernel'
import { readConfig } from './config.ts'
import { day } from './model/dynamics.ts'
import { crew } from './people/crew.ts'
import { dropFolder, torqueTopic } from './people/gauges.ts'
import { plantModel } from './plant/plant-model.ts'
import { plantSetup } from './plant/setup/setup.ts'

/** The edge agent that dials the plant; its key opens the broker for its Sparkplug host application too. */
const agent = 'edge-1'

const { home, opcUaPort, modbusPort, mtconnectPort, mqttUrl, account, backfillDays } = readConfig()
const model = plantModel({
  agent,
  opcUa: `opc.tcp://127.0.0.1:${opcUaPort}`,
  modbus: `tcp://127.0.0.1:${modbusPort}`,
  mtconnect: `http://127.0.0.1:${mtconnectPort}`,
  sparkplug: mqttUrl,
  gauges: {
    drop: pathToFileURL(dropFolder(home)).href,
    topic: torqueTopic(account),
    topicOptions: { username: account, passwordFile: join(home, 'keys', `${account}.key`) },
  },
  sparkplugOptions: { hostId: agent, username: agent, passwordFile: join(home, 'keys', `${agent}.key`) },
})
/** Whom the server lets in, so that this program can play them. */
const accounts = crew.map(({ name, printedName, role }) => ({ name, printedName, role }))
const setup = plantSetup(toMs(systemClock.now()) - backfillDays * day)
// JSON is YAML too: the equipment module reads it as it is.
process.stdout.write(`${JSON.stringify({ model, setup, crew: accounts }, undefined, 2)}\n`)
