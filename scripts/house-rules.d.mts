export function checkHouse(root: string): Promise<string[]>
