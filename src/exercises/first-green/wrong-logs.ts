// arrived: bob received nothing
export function greet(): void {
  console.warn('bob received “hello”.');
}
