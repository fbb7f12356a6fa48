/**
 * Puts a value in the place of a property until this is disposed of. For methods there is `stub()` of
 * `@std/testing/mock`.
 *
 * @param object Whose property it is.
 * @param name Name of the property, which may be one that the object inherits.
 * @param value What it has meanwhile.
 */
export function replaceProperty(object: object, name: string, value: unknown): Disposable {
  const own = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true });
  return {
    [Symbol.dispose]: () => {
      if (own) Object.defineProperty(object, name, own);
      else Reflect.deleteProperty(object, name);
    },
  };
}
