export { mqttJsonDriver } from './driver.ts'
