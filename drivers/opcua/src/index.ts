export { opcuaDriver } from './driver.ts'
