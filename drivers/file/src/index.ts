export { fileDriver } from './driver.ts'
