package terminaltest

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"unsafe"
)

// Open returns a terminal: what is written to person is typed, and program is what a
// program has as its stdin, stdout and stderr. The test is skipped where there are none.
func Open(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	var unlock, number int32
	control(t, person, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	control(t, person, syscall.TIOCGPTN, unsafe.Pointer(&number))
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

func control(t *testing.T, file *os.File, request uintptr, argument unsafe.Pointer) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, file.Fd(), request, uintptr(argument)); errno != 0 {
		t.Fatal(errno)
	}
}

// Run calls run with a terminal of that size, and returns what is on it afterwards. The
// terminal is closed when run returns: a process that still has it loses it.
func Run(t *testing.T, height, width int, run func(program *os.File)) *Screen {
	t.Helper()
	person, program := Open(t)
	size := [4]uint16{uint16(height), uint16(width)} //nolint:gosec // lines and columns
	control(t, program, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	screen := NewScreen(height, width)
	var reader sync.WaitGroup
	reader.Go(func() {
		for chunk := make([]byte, 4096); ; {
			n, err := person.Read(chunk)
			screen.Write(string(chunk[:n]))
			if err != nil {
				return
			}
		}
	})
	run(program)
	_ = program.Close()
	reader.Wait()
	return screen
}
