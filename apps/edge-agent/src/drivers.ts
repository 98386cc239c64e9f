import { fileDriver } from '@throughline/driver-file'
import { modbusDriver } from '@throughline/driver-modbus'
import { mqttJsonDriver } from '@throughline/driver-mqtt-json'
import { mtconnectDriver } from '@throughline/driver-mtconnect'
import { opcuaDriver } from '@throughline/driver-opcua'
import { sparkplugDriver } from '@throughline/driver-sparkplug'
import type { DriverType } from '@throughline/edge'

/** Every protocol that this agent speaks. */
export const driverTypes: readonly DriverType[] = [
  opcuaDriver,
  modbusDriver,
  sparkplugDriver,
  mtconnectDriver,
  fileDriver,
  mqttJsonDriver,
]
