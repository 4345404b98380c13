#!/usr/bin/env bash
# Finds Open MPI and its Java bindings, or gets them, and prints what was found, one NAME=value a line:
#
#   MPI_VERSION=4.1.4     MPIRUN=/usr/bin/mpirun     MPI_LIB=/directory/of/libmpi_java.so     MPI_JAR=/…/mpi.jar
#
# In this order: $MPI_HOME, mpirun on the PATH, the site's `module`, and on Debian and its kin, as root, apt-get. Where the
# bindings' library is installed but not mpi.jar (so on Debian), the jar is built from the source package of exactly the
# installed version, or from the sources in $ZTP_OPENMPI_SOURCE, and kept in ~/.cache/ztp/mpi-VERSION/. Nothing in /etc is
# changed. If it cannot be had, one line on stderr says why, a hint: what to load or install, and the exit code is 1.
#
#   setup.sh [--into DIR]    with --into, DIR gets a copy of the jar, and the lines above go to DIR/mpi.properties
set -eu

say() { printf 'ztp: %s\n' "$1" >&2; }
fail() { say "$1"; printf 'hint: %s\n' "$2" >&2; exit 1; } # WHY WHAT-TO-DO
# What a JDK's tool does is told only when it fails.
quiet() { local log=$work/log; "$@" >"$log" 2>&1 </dev/null || { tail -n 20 -- "$log" >&2; return 1; }; }

into=
case "${1:-} $#" in
  ' 0') ;;
  '--into 2') into=$2 ;;
  *) say "usage: setup.sh [--into DIR]"; exit 2 ;;
esac

cache_root=${XDG_CACHE_HOME:-${HOME:-}/.cache}/ztp
if [ -z "${XDG_CACHE_HOME:-}${HOME:-}" ]; then
  # what is there is run, so it must be this user's own: nobody else can take its name away in /tmp, or write in it
  cache_root=${TMPDIR:-/tmp}/ztp-cache-$(id -u)
  mkdir -m 700 -- "$cache_root" 2>/dev/null || true
  [ -d "$cache_root" ] && [ ! -L "$cache_root" ] && [ -O "$cache_root" ] ||
    fail "$cache_root is not this user's own directory" "set HOME or XDG_CACHE_HOME to one that is"
fi
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

java_home=${JAVA_HOME:-}
[ -n "$java_home" ] || java_home=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac || command -v java || echo /none/none)")")")
[ -x "$java_home/bin/java" ] || fail "no java was found" "install a JDK of version 17 or later, or set JAVA_HOME"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

debian() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# --- mpirun
module=
find_mpirun() {
  mpirun=
  if [ -n "${MPI_HOME:-}" ]; then
    mpirun=$MPI_HOME/bin/mpirun
    [ -x "$mpirun" ] || fail "MPI_HOME is $MPI_HOME, but there is no bin/mpirun in it" "set it to the prefix of Open MPI 4.1 or 5.0"
    return
  fi
  mpirun=$(command -v mpirun || true)
  [ -n "$mpirun" ] && return
  if ! command -v module >/dev/null; then
    for script in /etc/profile.d/lmod.sh /etc/profile.d/modules.sh; do
      # shellcheck disable=SC1090 # the site's own
      if [ -r "$script" ]; then set +eu; . "$script" >/dev/null 2>&1; set -eu; break; fi
    done
  fi
  if command -v module >/dev/null; then # in a shell of its own: ranks are started without what it sets, and tried without it below
    mpirun=$(set +eu; for name in openmpi "mpi/openmpi-$(uname -m)"; do
      module load "$name" >/dev/null 2>&1; command -v mpirun && break; done; true)
    module=$mpirun
  fi
}

install_debian() {
  say "installing Open MPI with apt-get …"
  export DEBIAN_FRONTEND=noninteractive
  quiet apt-get -qq update || fail "apt-get update failed" "install openmpi-bin and libopenmpi-dev by hand"
  quiet apt-get -qq install -y --no-install-recommends openmpi-bin libopenmpi-dev ||
    fail "apt-get could not install openmpi-bin and libopenmpi-dev" "install them by hand"
}

find_mpirun
if [ -z "$mpirun" ]; then
  if debian && [ "$(id -u)" = 0 ]; then
    install_debian
    find_mpirun
  elif debian; then
    fail "no Open MPI was found" "load its module, set MPI_HOME, or install it: apt-get install openmpi-bin libopenmpi-dev"
  fi
fi
[ -n "$mpirun" ] || fail "no Open MPI was found" "load its module (module load openmpi), or set MPI_HOME to where it is"
version=$("$mpirun" --version 2>/dev/null | sed -n 's/^mpirun (Open MPI) \([0-9][0-9A-Za-z.]*\).*/\1/p;q' || true)
[ -n "$version" ] || [ -z "$module" ] || fail "$mpirun runs only with what its module sets" "load the module of Open MPI first"
[ -n "$version" ] || fail "$mpirun is not Open MPI's" "load the module of Open MPI 4.1 or 5.0, or set MPI_HOME"
case $version in
  4.1.* | 5.0.*) ;;
  *) fail "$mpirun is Open MPI $version, which has no Java bindings that fit" "load Open MPI 4.1 or 5.0, or set MPI_HOME" ;;
esac

# --- the bindings' library
find_library() {
  library=
  local prefix told
  prefix=$(dirname -- "$(dirname -- "$(readlink -f -- "$mpirun")")")
  told=$("$(dirname -- "$mpirun")/ompi_info" --parsable --path libdir 2>/dev/null | sed -n 's/^path:libdir://p' || true)
  for directory in "$prefix/lib" "$prefix/lib64" "$told" "$told"/openmpi/lib "$prefix"/lib/*/openmpi/lib \
      "$prefix/lib/openmpi/lib" "$prefix/lib/openmpi"; do
    if [ -e "$directory/libmpi_java.so" ]; then library=$directory; return; fi
  done
}

find_library
if [ -z "$library" ] && debian && [ "$(id -u)" = 0 ] && dpkg-query -S "$(readlink -f -- "$mpirun")" >/dev/null 2>&1; then
  install_debian
  find_library
fi
[ -n "$library" ] || fail "Open MPI $version at $mpirun has no Java bindings (libmpi_java.so)" \
  "use one configured with --enable-mpi-java, or install its package (Debian: libopenmpi-dev, Fedora and RHEL: openmpi-java)"

# --- the jar: the site's, else ours
jar=
for candidate in "$library/mpi.jar" "$library/../share/java/mpi.jar" "$library/openmpi/mpi.jar"; do
  if [ -r "$candidate" ]; then jar=$(readlink -f -- "$candidate"); break; fi
done
package= source_package= source_version=
if [ -z "$jar" ] && debian; then
  package=$(dpkg-query -S "$(readlink -f -- "$library/libmpi_java.so")" 2>/dev/null | sed -n 's/: .*//p;q')
  if [ -n "$package" ]; then
    source_package=$(dpkg-query -W -f='${source:Package}' "$package")
    source_version=$(dpkg-query -W -f='${source:Version}' "$package")
  fi
fi
cache=$cache_root/mpi-${source_version:-$version}
own=$jar
[ -n "$own" ] || jar=$cache/mpi.jar
# Where a home cannot be written, such as on compute nodes, what was made elsewhere is used as it is.
writable=
make_writable() { mkdir -p -- "$cache" 2>/dev/null && [ -w "$cache" ] && writable=yes; }

# The sources of exactly the installed version, from where the package itself came; apt checks signature and hashes.
fetch_debian() {
  local origin uri suite component signed= keyring
  origin=$(apt-cache policy "$package" | sed -n '/^ \*\*\*/,/^     [^ ]/p' |
    sed -n 's/^ *[0-9-]* \(http[^ ]*\|file:[^ ]*\) \([^ ]*\)\/\([^ /]*\) .*/\1 \2 \3/p' | head -n 1)
  if [ -z "$origin" ] && [ "$(id -u)" = 0 ]; then
    quiet apt-get -qq update || true
    origin=$(apt-cache policy "$package" | sed -n '/^ \*\*\*/,/^     [^ ]/p' |
      sed -n 's/^ *[0-9-]* \(http[^ ]*\|file:[^ ]*\) \([^ ]*\)\/\([^ /]*\) .*/\1 \2 \3/p' | head -n 1)
  fi
  [ -n "$origin" ] || fail "apt does not know where $package came from" "run apt-get update, or set ZTP_OPENMPI_SOURCE"
  read -r uri suite component <<<"$origin"
  for keyring in /usr/share/keyrings/{debian,ubuntu}-archive-keyring.gpg; do
    [ -r "$keyring" ] && signed="[signed-by=$keyring] "
  done
  mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/apt/empty" "$work/source"
  printf 'deb-src %s%s %s %s\n' "$signed" "$uri" "$suite" "$component" >"$work/apt/sources.list"
  local options=(-qq -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts="$work/apt/empty"
    -o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt" -o APT::Sandbox::User=root)
  quiet apt-get "${options[@]}" update || fail "apt-get could not read the source packages at $uri" "try again, or set ZTP_OPENMPI_SOURCE to the sources of $version"
  (cd -- "$work/source" && quiet apt-get "${options[@]}" source --download-only "$source_package=$source_version") ||
    fail "$uri has no $source_package $source_version any more" "update the installed packages, or set ZTP_OPENMPI_SOURCE"
  (cd -- "$work/source" && tar -xf "$(ls -- "$source_package"_*.orig.tar.*[!c] | head -n 1)" --strip-components=1 \
    --wildcards '*/ompi/mpi/java/java/*.java') || fail "the source package of $source_package could not be unpacked" \
    "unpack the sources of Open MPI $version, and set ZTP_OPENMPI_SOURCE to them"
  sources=$work/source/ompi/mpi/java/java
}

build_jar() {
  [ -n "$writable" ] || fail "$cache cannot be written" "set XDG_CACHE_HOME to a directory of yours"
  say "building mpi.jar of Open MPI $version, this once …"
  [ -x "$java_home/bin/javac" ] || fail "$java_home has no javac" "set JAVA_HOME to a JDK"
  if [ -n "${ZTP_OPENMPI_SOURCE:-}" ]; then
    sources=$ZTP_OPENMPI_SOURCE/ompi/mpi/java/java
    [ -r "$sources/MPI.java" ] || fail "ZTP_OPENMPI_SOURCE is $ZTP_OPENMPI_SOURCE, but there is no ompi/mpi/java/java in it" \
      "set it to the unpacked sources of Open MPI $version"
  elif [ -n "$package" ]; then
    fetch_debian
  else
    fail "Open MPI $version at $mpirun has no mpi.jar" "unpack its sources and set ZTP_OPENMPI_SOURCE to them"
  fi
  mkdir "$work/classes"
  quiet "$java_home/bin/javac" --release 17 -nowarn -Xlint:none -d "$work/classes" "$sources"/*.java ||
    fail "the Java files in $sources do not compile" "set ZTP_OPENMPI_SOURCE to the sources of Open MPI $version"
  quiet "$java_home/bin/jar" --create --date=2020-01-01T00:00:00Z --file "$work/mpi.jar" -C "$work/classes" . ||
    quiet "$java_home/bin/jar" --create --file "$work/mpi.jar" -C "$work/classes" . || fail "mpi.jar could not be made" "set JAVA_HOME to another JDK"
  mv -f -- "$work/mpi.jar" "$cache/mpi.jar"
}

# --- do jar and library fit? Asked once for each pair: all of the binding's classes are loaded and tied to the library.
checked=$cache/fits-$(printf '%s %s' "$jar" "$library" | cksum | tr ' ' -)
is_done() {
  [ -r "$jar" ] && [ -f "$checked" ] && [ ! "$jar" -nt "$checked" ] && [ ! "$library/libmpi_java.so" -nt "$checked" ]
}
if ! is_done && make_writable; then
  exec 9>"$cache/lock"
  command -v flock >/dev/null && flock 9 2>/dev/null || true # a file system without locks: what is made is put in place at once
fi
if [ -z "$own" ] && [ ! -r "$jar" ]; then
  build_jar
fi
if ! is_done; then
  [ -x "$java_home/bin/javac" ] || fail "$java_home has no javac" "set JAVA_HOME to a JDK"
  cat >"$work/Fits.java" <<'JAVA'
public class Fits {
    public static void main(final String[] args) throws Exception {
        mpi.MPI.InitThread(args, mpi.MPI.THREAD_FUNNELED);
        final java.nio.ByteBuffer one = mpi.MPI.newByteBuffer(1).put(0, (byte) 42);
        final java.nio.ByteBuffer other = mpi.MPI.newByteBuffer(1);
        mpi.MPI.COMM_SELF.sendRecv(one, 1, mpi.MPI.BYTE, 0, 0, other, 1, mpi.MPI.BYTE, 0, 0);
        System.out.println(other.get(0) == 42 ? "fits" : "no byte came");
        mpi.MPI.Finalize();
    }
}
JAVA
  quiet "$java_home/bin/javac" -nowarn -cp "$jar" -d "$work" "$work/Fits.java" ||
    fail "$jar does not fit Open MPI $version" "remove it if it is in $cache_root, or use the jar of this Open MPI"
  # as org.ztp.cli.OneHost has it: in an allocation mpirun would start daemons on all of its nodes, which do not reach this lo
  one_host=(--mca ras ^slurm,tm,lsf,gridengine --mca plm isolated --mca oob_tcp_if_include lo)
  quiet env UCX_ERROR_SIGNALS= IPATH_NO_BACKTRACE=1 HFI_NO_BACKTRACE=1 OMPI_MCA_opal_event_include=epoll \
    OMPI_MCA_btl_tcp_if_include=lo timeout 60 \
    "$mpirun" "${one_host[@]}" -n 1 --oversubscribe "$java_home/bin/java" -Xlog:disable -cp "$jar:$work" -Djava.library.path="$library" Fits &&
    grep -q '^fits$' "$work/log" || {
      tail -n 5 -- "$work/log" >&2
      [ -z "$module" ] || fail "Open MPI $version at $mpirun does not run without what its module sets" "load that module first"
      fail "$jar does not work with Open MPI $version in $library" "remove it if it is in $cache_root, or set MPI_HOME"
    }
  { [ -z "$writable" ] || : >"$checked"; } 2>/dev/null || true # then it is asked again
fi

found=$(printf 'MPI_VERSION=%s\nMPIRUN=%s\nMPI_LIB=%s\nMPI_JAR=%s\n' "$version" "$mpirun" "$library" "$jar")
if [ -n "$into" ]; then
  mkdir -p -- "$into"
  cmp -s -- "$jar" "$into/mpi.jar" || cp -f -- "$jar" "$into/mpi.jar"
  printf '%s\n' "$found" >"$into/mpi.properties"
else
  printf '%s\n' "$found"
fi
