import { plantModel } from './plant/plant-model.ts'

// JSON is YAML too: the equipment module reads it as it is.
const model = plantModel({
  opcUa: 'opc.tcp://127.0.0.1:48400',
  modbus: 'tcp://127.0.0.1:15020',
  sparkplug: 'mqtt://127.0.0.1:1883',
})
process.stdout.write(`${JSON.stringify(model, undefined, 2)}\n`)
