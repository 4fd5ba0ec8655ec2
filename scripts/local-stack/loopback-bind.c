/*
 * Keeps a server that can only listen on every address (Orthanc) on the loopback address: preloaded
 * (LD_PRELOAD), it turns a bind() to 0.0.0.0 into 127.0.0.1 and one to :: into ::1.
 * Needs no header and no C library to build, so the smallest compiler does (docs/decisions/0002).
 */
typedef int (*bind_function)(int descriptor, const void *address, unsigned int length);

extern void *dlsym(void *handle, const char *name);

#define NEXT_OBJECT ((void *) -1L) /* RTLD_NEXT */
#define IPV4 2                     /* AF_INET: address in octets 4 to 7 of 16 */
#define IPV6 10                    /* AF_INET6: address in octets 8 to 23 of 28 */

static int is_unspecified(const unsigned char *octets, unsigned int count)
{
  while (count > 0)
    if (octets[--count] != 0) return 0;
  return 1;
}

int bind(int descriptor, const void *address, unsigned int length)
{
  bind_function next = (bind_function) dlsym(NEXT_OBJECT, "bind");
  const unsigned char *octets = (const unsigned char *) address;
  unsigned char loopback[28];
  unsigned int i, used = length < 28 ? length : 28;
  unsigned short family = address && length >= 2 ? *(const unsigned short *) address : 0;

  for (i = 0; address && i < used; i++) loopback[i] = octets[i];
  if (family == IPV4 && length >= 16 && is_unspecified(octets + 4, 4)) {
    loopback[4] = 127;
    loopback[7] = 1;
    return next(descriptor, loopback, used);
  }
  if (family == IPV6 && length >= 28 && is_unspecified(octets + 8, 16)) {
    loopback[23] = 1;
    return next(descriptor, loopback, used);
  }
  return next(descriptor, address, length);
}
