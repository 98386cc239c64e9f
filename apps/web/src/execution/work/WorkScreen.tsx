export const WorkScreen = () => null
