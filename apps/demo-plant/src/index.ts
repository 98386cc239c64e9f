export { type PlantEndpoints, plantModel } from './plant/plant-model.ts'
