export { modbusDriver } from './driver.ts'
export { ModbusException } from './frame.ts'
export { ModbusServer, type ModbusServerConfig, type ModbusWrite } from './server.ts'
