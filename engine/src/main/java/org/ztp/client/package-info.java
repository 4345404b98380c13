/**
 * How clients and the service talk: requests and replies as values with strict codecs, and connections that carry
 * them, inside the process or (package {@code ring}) through shared memory on the same node.
 */
package org.ztp.client;
